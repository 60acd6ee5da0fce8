package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.store.s3.Bucket;
import dev.precept.store.s3.S3Settings;
import dev.precept.store.s3.S3Store;
import dev.precept.testkit.S3Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run reads prompts from a bucket and detects a changed object. */
@Tag("slow")
class BucketPromptsTest {
    private static final String ENDPOINT = "aws.endpointUrlS3";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private S3Proxy server;

    @BeforeEach
    void start() throws IOException {
        server = S3Proxy.start(Files.createDirectories(folder.resolve("s3")), "theirs");
        System.setProperty("aws.accessKeyId", S3Proxy.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Proxy.SECRET_KEY);
        System.setProperty(ENDPOINT, server.endpoint().toString());
        Files.createDirectories(folder.resolve("spec"));
        Files.writeString(
                folder.resolve("spec/terms.md"),
                "## Terms {#a-terms}\n\nWords.\n\n## Help {#a-help action=comply}\n\nHelp.\n");
        Files.writeString(
                folder.resolve("spec/spec.yaml"),
                "name: t\nprinciples: []\ncategories:\n  - {name: A, summary: s, clauses: [a-terms, a-help]}\n");
        Files.writeString(
                folder.resolve("recipe.yaml"),
                "prompts: {files: [s3://theirs/in/table.csv], fields: {prompt: question}}\nspec: ./spec\n");
        put("question,categories\nWhy is it so?,A\n");
    }

    @AfterEach
    void stop() {
        List.of("aws.accessKeyId", "aws.secretAccessKey", ENDPOINT).forEach(System::clearProperty);
        server.close();
    }

    @Test
    void aChangedObjectIsAnotherRun() throws IOException {
        assertThat(run().code()).as("no model is ready").isEqualTo(1);
        assertThat(run().code()).as("the same run").isEqualTo(1);
        put("question,categories\nWhy is it not?,A\n");

        CommandResult commandResult = run();

        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err().lines())
                .contains("s3://theirs/in/table.csv: changed since the run started; restore it, or start a new run with"
                        + " another --work");
    }

    @Test
    void aMissingObjectOrBucketIsReported() throws IOException {
        Files.delete(server.file("theirs", "in/table.csv"));
        CommandResult missing = run();
        CommandResult bucket = run("--prompts", "s3://none/table.csv");
        server.close();
        CommandResult down = run();

        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err().lines())
                .containsExactly("s3://theirs/in/table.csv: no such object; name an existing one");
        assertThat(bucket.code()).isEqualTo(2);
        assertThat(bucket.err().lines())
                .containsExactly("s3://none/table.csv: cannot be fetched: there is no bucket 'none' at "
                        + server.endpoint() + "; create it, or name another");
        assertThat(down.code()).isEqualTo(1);
        assertThat(down.err()).contains("cannot download s3://theirs/in/table.csv", "does not answer", "try again");
    }

    private CommandResult run(String... more) throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        List<String> args = new ArrayList<>(List.of("run", at("recipe.yaml"), "--work", at("work")));
        args.addAll(List.of("--dataset", at("dataset"), "--wait-model", "1ms"));
        args.addAll(List.of("--model-url", "http://127.0.0.1:" + free + "/v1"));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void put(String text) throws IOException {
        S3Store bucket = S3Store.open(Bucket.parse("s3://theirs/in"), S3Settings.fromEnvironment());
        bucket.delete("table.csv");
        assertThat(bucket.createIfAbsent("table.csv", text.getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }
}
