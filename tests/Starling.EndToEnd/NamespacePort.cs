using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Starling.EndToEnd;

/// <summary>A port of this machine that leads to a port inside a namespace: how a test asks a gateway that runs in one.</summary>
internal sealed partial class NamespacePort : IDisposable
{
    private const int NetworkNamespace = 0x40000000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _namespace;
    private readonly int _port;

    /// <param name="namespace">The file that names it.</param>
    /// <param name="port">On its loopback interface.</param>
    public NamespacePort(string @namespace, int port)
    {
        (_namespace, _port) = (@namespace, port);
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Carry(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task Carry(Socket here)
    {
        try
        {
            using var near = new NetworkStream(here, ownsSocket: true);
            using var far = new NetworkStream(await Connect(), ownsSocket: true);
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // Nobody listens there now, as on any port.
        }
    }

    /// <summary>A socket belongs to the namespace of the thread that makes it; that thread is not used for anything else.</summary>
    private Task<Socket> Connect()
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle(_namespace);
                if (SetNamespace(file, NetworkNamespace) != 0)
                    throw new IOException($"cannot enter {_namespace}: error {Marshal.GetLastPInvokeError()}");
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, _port);
                made.SetResult(socket);
            }
            catch (Exception e)
            {
                made.SetException(e);
            }
        }).Start();
        return made.Task;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle file, int kind);
}
