package dev.precept.judging;

import dev.precept.model.PreEncodedText;
import dev.precept.records.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The fixed texts of the prompt templates of all versions. The present versions are rendered; what earlier ones said
 * otherwise is in a resource, since rows of earlier runs and models that were trained on them may repeat it.
 */
public final class TemplateTexts {
    static final String EARLIER = "earlier-templates.txt";
    /** Stands for whatever a request inserts. */
    private static final String INSERTED = "qzxjkvinserted0123456789";

    private static final Pattern INSERTION = Pattern.compile("[^\\n]*" + INSERTED + "[^\\n]*");

    private TemplateTexts() {}

    /** Each text without insertions, in no order. */
    public static List<String> all() {
        List<String> texts = new ArrayList<>(List.of(earlier().split("\n---\n")));
        PromptTemplates.Input input = new PromptTemplates.Input(
                List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent(INSERTED)
                        .build()),
                INSERTED,
                INSERTED,
                INSERTED,
                new PreEncodedText(INSERTED),
                INSERTED + "n");
        PromptTemplates.REGISTERED
                .values()
                .forEach(template -> INSERTION
                        .splitAsStream(template.render(input).toString())
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .forEach(texts::add));
        return texts;
    }

    /** The texts of earlier versions, each after a line {@code ---}. */
    static String earlier() {
        try (InputStream in = Objects.requireNonNull(
                TemplateTexts.class.getResourceAsStream(EARLIER), "the resource " + EARLIER + " is missing")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + EARLIER, e);
        }
    }
}
