package dev.precept.cli.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the scripts that give a pod its network and its root file system, and then become its process. */
final class RootFileSystem {
    private final Path root;

    /** @param root an empty folder of the host; the pod's root is mounted on it, in a namespace of the pod alone */
    RootFileSystem(Path root) {
        this.root = root;
    }

    /** Connects a new network to the bridge of the node, then runs the other script in a pod's namespaces. */
    static String network(PodProcess.Launch launch, Path script) {
        return String.join(
                        "\n",
                        "set -euo pipefail",
                        "PATH=$PATH:/usr/sbin:/sbin",
                        "node=/proc/" + launch.node().pid() + "/ns/net",
                        "ip link add eth0 type veth peer name pod" + launch.number() + " netns "
                                + launch.node().pid(),
                        "nsenter --net=$node ip link set pod" + launch.number() + " master br0 up",
                        "ip addr add " + launch.address() + "/16 dev eth0",
                        "ip link set eth0 up",
                        "ip link set lo up",
                        "ip route add default via " + Node.GATEWAY,
                        "exec unshare --mount --pid --fork --kill-child bash " + quoted(script.toString()))
                + "\n";
    }

    String script(Image image, List<Volumes.Mount> volumes, Path hosts, List<String> command) {
        List<String> lines = new ArrayList<>(List.of(
                "set -euo pipefail",
                "PATH=$PATH:/usr/sbin:/sbin",
                "R=" + quoted(root.toString()),
                "mount --make-rprivate /",
                "mount -t tmpfs -o mode=0755 tmpfs \"$R\"",
                "mkdir -p \"$R\"/{usr,etc,proc,dev}",
                "for name in bin sbin lib lib64; do ln -s usr/$name \"$R/$name\"; done",
                "mount --bind /usr \"$R/usr\"",
                "mount -o remount,bind,ro \"$R/usr\"",
                "mount -t proc proc \"$R/proc\"",
                "for name in null zero random urandom; do touch \"$R/dev/$name\"; mount --bind /dev/$name"
                        + " \"$R/dev/$name\"; done",
                "cp " + quoted(hosts.toString()) + " \"$R/etc/hosts\"",
                "echo 'hosts: files' > \"$R/etc/nsswitch.conf\"",
                "echo 'root:x:0:0:root:/root:/sbin/nologin' > \"$R/etc/passwd\""));
        image.files().forEach((path, host) -> lines.addAll(mount(host, path)));
        volumes.forEach(volume -> lines.addAll(mount(volume.host(), volume.path())));
        image.files().keySet().forEach(path -> lines.add(readOnly(path)));
        volumes.stream().filter(Volumes.Mount::readOnly).forEach(volume -> lines.add(readOnly(volume.path())));
        lines.add("mount -o remount,ro \"$R\"");
        lines.add("exec chroot \"$R\" "
                + command.stream().map(RootFileSystem::quoted).collect(Collectors.joining(" ")));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> mount(Path host, String path) {
        String target = "\"$R\"" + quoted(path);
        String make = Files.isDirectory(host)
                ? "mkdir -p " + target
                : "mkdir -p \"$(dirname " + target + ")\"; touch " + target;
        return List.of(make, "mount --bind " + quoted(host.toString()) + " " + target);
    }

    private static String readOnly(String path) {
        return "mount -o remount,bind,ro \"$R\"" + quoted(path);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
