package dev.precept.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Server keys for this machine in {@code node.p12}, and the certificate that clients trust in {@code ca.crt}. */
final class Certificates {
    static final String PASSWORD = "planted-store-password";

    private Certificates() {}

    /** A self-signed certificate for all nodes. */
    static void valid(Path folder) throws IOException, InterruptedException {
        keytool(
                folder,
                "-genkeypair -alias node -keyalg EC -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1"
                        + " -validity 2");
        keytool(folder, "-exportcert -rfc -alias node -file " + folder.resolve("ca.crt"));
    }

    /** An expired certificate and its authority's certificate; the dates of a root are not verified. */
    static void expired(Path folder) throws IOException, InterruptedException {
        keytool(folder, "-genkeypair -alias ca -keyalg EC -dname CN=authority -ext bc:c -validity 2");
        keytool(folder, "-exportcert -rfc -alias ca -file " + folder.resolve("ca.crt"));
        keytool(
                folder,
                "-genkeypair -alias node -keyalg EC -dname CN=localhost -ext san=dns:localhost,ip:127.0.0.1"
                        + " -signer ca -startdate -9d -validity 2");
        keytool(folder, "-delete -alias ca");
    }

    /** A self-signed client certificate in {@code user.crt} and its key in {@code user.key}, as Strimzi issues them. */
    static void client(Path folder, String name) throws IOException, InterruptedException, GeneralSecurityException {
        keytool(folder, "-genkeypair -alias node -keyalg EC -dname CN=" + name + " -validity 2");
        keytool(folder, "-exportcert -rfc -alias node -file " + folder.resolve("user.crt"));
        KeyStore store = KeyStore.getInstance(folder.resolve("node.p12").toFile(), PASSWORD.toCharArray());
        byte[] key = store.getKey("node", PASSWORD.toCharArray()).getEncoded();
        Files.writeString(
                folder.resolve("user.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private static void keytool(Path folder, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("-keystore", folder.resolve("node.p12").toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        run(command.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }
}
