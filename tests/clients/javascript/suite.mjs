// The official client for JavaScript over every feature: node suite.mjs BASE_URL MODEL
import assert from "node:assert/strict";
import OpenAI, { APIError, NotFoundError, BadRequestError } from "openai";

const [baseURL, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
const messages = [{ role: "system", content: "Be brief." }, { role: "user", content: [{ type: "text", text: "Hello" }] }];
const chat = (more = {}) => client.chat.completions.create({ model, messages, max_tokens: 12, seed: 7, temperature: 0.8, ...more });
const schema = { type: "object", properties: { x: { type: "integer", minimum: 0, maximum: 9 } }, required: ["x"], additionalProperties: false };
const tool = { type: "function", function: { name: "pick", description: "Picks.", parameters: schema } };

async function text(stream) {
  let all = "";
  for await (const piece of stream) all += piece.choices[0]?.delta?.content ?? "";
  return all;
}

const tests = {
  async models() {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    assert.deepEqual(ids, [model]);
    assert.equal((await client.models.retrieve(model)).id, model);
  },
  async "a seed decides the answer"() {
    const [one, two] = [await chat(), await chat()];
    assert.equal(one.choices[0].message.content, two.choices[0].message.content);
    assert.notEqual(one.id, two.id);
    assert.equal(one.usage.completion_tokens, 12);
    assert.equal(one.choices[0].finish_reason, "length");
  },
  async "a stream is the same answer"() {
    assert.equal(await text(await chat({ stream: true })), (await chat()).choices[0].message.content);
  },
  async "usage of a stream"() {
    let usage;
    for await (const piece of await chat({ stream: true, stream_options: { include_usage: true } })) usage = piece.usage ?? usage;
    assert.equal(usage.completion_tokens, 12);
  },
  async "several answers"() {
    const { choices } = await chat({ n: 3 });
    assert.deepEqual(choices.map((choice) => choice.index), [0, 1, 2]);
    assert.notEqual(choices[0].message.content, choices[1].message.content);
  },
  async "stop"() {
    const whole = (await chat()).choices[0].message.content;
    const stop = whole[Math.floor(whole.length / 2)];
    const { message, finish_reason } = (await chat({ stop: [stop] })).choices[0];
    assert.equal(finish_reason, "stop");
    assert.equal(message.content, whole.slice(0, whole.indexOf(stop)));
  },
  async "penalties and biases"() {
    const { choices } = await chat({ logit_bias: { 120: 100 }, frequency_penalty: 0.1, presence_penalty: 0.1, top_p: 0.9, user: "me" });
    assert.equal(choices[0].message.content, "x".repeat(12));
  },
  async "logprobs"() {
    const { content } = (await chat({ logprobs: true, top_logprobs: 2 })).choices[0].logprobs;
    assert.ok(content.length >= 11 && content.every((token) => token.top_logprobs.length === 2 && token.logprob <= 0));
  },
  async "JSON by schema"() {
    const format = { type: "json_schema", json_schema: { name: "point", strict: true, schema } };
    const { message } = (await chat({ response_format: format, max_tokens: 100 })).choices[0];
    assert.ok(JSON.parse(message.content).x >= 0);
    assert.match((await chat({ response_format: { type: "json_object" } })).choices[0].message.content, /^\s*\{/);
  },
  async "tools"() {
    const { message, finish_reason } = (await chat({ tools: [tool], tool_choice: "required", max_tokens: 100 })).choices[0];
    assert.equal(finish_reason, "tool_calls");
    assert.equal(message.tool_calls[0].function.name, "pick");
    assert.ok(JSON.parse(message.tool_calls[0].function.arguments).x <= 9);
    const named = { type: "function", function: { name: "pick" } };
    const final = await client.chat.completions.stream({ model, messages, tools: [tool], tool_choice: named, max_tokens: 100, seed: 7 }).finalChatCompletion();
    assert.equal(final.choices[0].message.tool_calls[0].function.name, "pick");
    assert.ok((await chat({ messages: [...messages, message, { role: "tool", tool_call_id: message.tool_calls[0].id, content: "5" }] })).id);
  },
  async "completions of text"() {
    const body = { model, prompt: "Once", max_tokens: 6, seed: 3, logprobs: 1 };
    const whole = await client.completions.create(body);
    assert.equal(whole.choices[0].logprobs.tokens.length <= 6, true);
    let all = "";
    for await (const piece of await client.completions.create({ ...body, stream: true })) all += piece.choices[0]?.text ?? "";
    assert.equal(all, whole.choices[0].text);
  },
  async "embeddings"() {
    const { data } = await client.embeddings.create({ model, input: ["one", "two"] });
    assert.equal(data.length, 2);
    const floats = await client.embeddings.create({ model, input: "one", encoding_format: "float" });
    assert.deepEqual(data[0].embedding.map((x) => x.toFixed(6)), floats.data[0].embedding.map((x) => x.toFixed(6)));
  },
  async "errors"() {
    await assert.rejects(chat({ model: "nothing" }), NotFoundError);
    await assert.rejects(chat({ temperatur: 1 }), (error) => error instanceof BadRequestError && error.param === "temperatur");
    await assert.rejects(chat({ max_tokens: 5000 }), (error) => error instanceof APIError && error.code === "context_length_exceeded");
  },
  async "leaving a stream"() {
    for await (const _ of await chat({ stream: true, max_tokens: 400 })) break;
    assert.ok((await chat()).id);
  },
};

let passed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    passed++;
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
  }
}
console.log(`${passed} passed, ${Object.keys(tests).length - passed} failed`);
process.exit(passed === Object.keys(tests).length ? 0 : 1);
