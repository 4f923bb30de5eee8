namespace Nperf.Tests.EndToEnd;

/// <summary>An sshd of its own on every host, with keys made for the test, and the ssh command that reaches them.</summary>
internal sealed class SshDaemons : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nperf-ssh-");
    private readonly List<RunningProcess> _daemons = [];

    public SshDaemons(NamespaceHosts hosts, int count)
    {
        Requirements.Program("sshd", "openssh-server");
        Requirements.Program("ssh", "openssh-client");
        try
        {
            MakeKey("host-key");
            MakeKey("user-key");
            WriteConfigurations();
            // Where sshd confines itself; a package's service makes it at boot.
            Directory.CreateDirectory("/run/sshd");
            for (int host = 1; host <= count; host++)
            {
                RunningProcess daemon = hosts.Start(host, Requirements.Find("sshd")!, ["-D", "-e", "-f", File("sshd_config")]);
                _daemons.Add(daemon);
                daemon.WaitForLine("listening on");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What replaces <c>ssh</c> in a script.</summary>
    public string Command => $"ssh -F {File("ssh_config")}";

    /// <summary>The process id of a host's daemon.</summary>
    public int IdOf(int host) => _daemons[host - 1].Id;

    public void Dispose()
    {
        foreach (RunningProcess daemon in _daemons) daemon.Dispose();
        _folder.Delete(recursive: true);
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private void MakeKey(string name)
    {
        using RunningProcess keygen =
            RunningProcess.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", File(name)]);
        keygen.ExpectSuccess();
    }

    private void WriteConfigurations()
    {
        System.IO.File.WriteAllText(File("sshd_config"), $"""
            Port 22
            HostKey {File("host-key")}
            AuthorizedKeysFile {File("user-key.pub")}
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes

            """);
        System.IO.File.WriteAllText(File("ssh_config"), $"""
            Host gate
                HostName node1
            Host *
                User root
                IdentityFile {File("user-key")}
                IdentitiesOnly yes
                StrictHostKeyChecking no
                UserKnownHostsFile /dev/null
                LogLevel ERROR

            """);
    }
}
