package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ApiKey;
import dev.precept.model.ApiKeyFile;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rotated key file is read again; while the file holds no key, the last valid one is used. */
class ApiKeyRotationTest {
    private static final String OLD = "sk-old-0123";
    private static final String NEW = "sk-new-4567";

    @TempDir
    Path folder;

    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private volatile String demanded = OLD;
    private Path file;
    private ApiKeyServer server;
    private OpenAiChatModel model;

    @BeforeEach
    void start() throws IOException {
        System.setErr(new PrintStream(output, true, StandardCharsets.UTF_8));
        file = Files.writeString(folder.resolve("api-key"), OLD + "\n");
        server = new ApiKeyServer(shown, () -> demanded);
        model = new OpenAiChatModel(new Endpoint(server.url(), ApiKeyFile.open(file)));
    }

    @AfterEach
    void stop() {
        System.setErr(err);
        model.close();
        server.close();
    }

    @Test
    void theNextCallHasTheCurrentKey() throws Exception {
        assertThat(call()).isInstanceOf(Reply.Answered.class);
        replace(NEW);
        demanded = NEW;

        assertThat(call()).isInstanceOf(Reply.Answered.class);

        assertThat(shown).containsExactly("Bearer " + OLD, "Bearer " + NEW);
        assertThat(log()).contains("API key rotated").doesNotContain(OLD, NEW);
    }

    @Test
    void aKeyMountedByASymbolicLinkIsRotated() throws Exception {
        for (String one : List.of(OLD, NEW)) {
            Files.createDirectories(folder.resolve("at-" + one));
            Files.writeString(folder.resolve("at-" + one).resolve("api-key"), one);
        }
        Path now = Files.createSymbolicLink(folder.resolve("..data"), folder.resolve("at-" + OLD));
        Path mounted = Files.createSymbolicLink(folder.resolve("mounted"), now.resolve("api-key"));
        ApiKey apiKey = ApiKeyFile.open(mounted);
        Files.createSymbolicLink(folder.resolve("..next"), folder.resolve("at-" + NEW));
        Files.move(folder.resolve("..next"), now, StandardCopyOption.ATOMIC_MOVE);

        assertThat(apiKey.current().reveal()).isEqualTo(NEW);
    }

    @Test
    void aRefusedKeyIsReadAgainEvenIfTheFileLooksUnchanged() throws Exception {
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, NEW + "\n");
        Files.setLastModifiedTime(file, before);
        demanded = NEW;

        assertThat(call()).isInstanceOf(Reply.Answered.class);

        assertThat(shown).containsExactly("Bearer " + OLD, "Bearer " + NEW);
    }

    @Test
    void aWrongKeyIsSentOnce() {
        demanded = NEW;

        assertThatThrownBy(this::call)
                .isInstanceOf(ModelCallException.Misconfigured.class)
                .hasMessageContaining("401")
                .hasMessageNotContaining(OLD);

        assertThat(shown).containsExactly("Bearer " + OLD);
    }

    @Test
    void whileTheFileHoldsNoKeyTheLastOneIsUsedWithOneWarning() throws Exception {
        replace("\n");
        assertThat(call()).isInstanceOf(Reply.Answered.class);
        replace("two words");
        assertThat(call()).isInstanceOf(Reply.Answered.class);
        Files.delete(file);
        assertThat(call()).isInstanceOf(Reply.Answered.class);
        assertThat(log().lines().filter(line -> line.contains("cannot read API key; using the last valid one")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(file.toString()).doesNotContain(OLD, "two words"));

        replace(NEW);
        demanded = NEW;
        assertThat(call()).isInstanceOf(Reply.Answered.class);
        Files.delete(file);
        assertThat(call()).isInstanceOf(Reply.Answered.class);
        assertThat(log().lines().filter(line -> line.contains("cannot read API key; using the last valid one")))
                .as("a new problem is logged again")
                .hasSize(2);
    }

    @Test
    void theKeyIsNeverPrinted() throws Exception {
        ApiKey apiKey = ApiKeyFile.open(file);
        assertThat(apiKey + " " + new Endpoint(server.url(), apiKey)).doesNotContain(OLD);
    }

    @Test
    void aFileWithoutAKeyFailsToOpen() throws Exception {
        replace("");
        assertThatThrownBy(() -> ApiKeyFile.open(file)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ApiKeyFile.open(folder.resolve("none"))).isInstanceOf(IOException.class);
        assertThat(new Secret(OLD).replacementFor(new Secret(NEW)))
                .as("a literal key is not rotated")
                .isEmpty();
    }

    private Reply call() throws ModelCallException, InterruptedException {
        return model.complete(ScriptedCalls.request(Duration.ofSeconds(20)));
    }

    /** Replaces the file by another one, as an editor or a cluster does. */
    private void replace(String text) throws IOException {
        Path draft = Files.writeString(folder.resolve("draft"), text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String log() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
