"""Renders every template here with Jinja itself, set up as the transformers library does, into expected.json."""
import datetime, glob, json, os
import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = datetime.datetime(2026, 3, 9, 7, 5, 4)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = NOW.strftime

TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "The weather of a \"place\", e.g. Zürich & co.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
                   "required": ["city"]}}}
CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": 2}}}
USER, ANSWER = {"role": "user", "content": "  Hi! {{ x }} 'q' \n"}, {"role": "assistant", "content": "Hello \"you\"."}
CONVERSATIONS = {
    "one": {"messages": [USER], "add_generation_prompt": True},
    "system": {"messages": [{"role": "system", "content": "Be <brief>."}, USER, ANSWER, {"role": "user", "content": "Größe 😀?"}],
               "add_generation_prompt": True},
    "continued": {"messages": [USER, ANSWER], "add_generation_prompt": False},
    "tools": {"messages": [USER, {"role": "assistant", "content": None, "tool_calls": [CALL]},
                           {"role": "tool", "tool_call_id": "abcdefghi", "content": "{\"sun\": true}"},
                           {"role": "assistant", "content": "Sunny."}, {"role": "user", "content": "Thanks"}],
              "tools": [TOOL, TOOL], "add_generation_prompt": True},
}

cases = []
for path in sorted(glob.glob(os.path.join(HERE, "*.jinja"))):
    with open(path, encoding="utf-8") as file:
        template = environment.from_string(file.read())
    for name, variables in CONVERSATIONS.items():
        variables = {**variables, "bos_token": "<s>", "eos_token": "</s>"}
        case = {"template": os.path.basename(path), "conversation": name, "variables": variables}
        try:
            case["text"] = template.render(**variables)
        except (jinja2.exceptions.TemplateError, TypeError) as error:
            case["error"] = str(error)
        cases.append(case)

with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as file:
    json.dump(cases, file, ensure_ascii=False, indent=1)
    file.write("\n")
