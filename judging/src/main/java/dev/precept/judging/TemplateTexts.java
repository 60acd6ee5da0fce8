package dev.precept.judging;

import dev.precept.records.Message;
import dev.precept.records.Repair;
import dev.precept.records.Review;
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

    /** The texts of all versions of the built-in templates, each without insertions, in no order. */
    public static List<String> builtIn() {
        List<String> texts = new ArrayList<>(List.of(earlier().split("\n---\n")));
        PromptTemplates.ALL.forEach(template -> texts.addAll(of(template)));
        return texts;
    }

    /** The texts of one template. */
    public static List<String> of(PromptTemplate template) {
        PromptTemplate.Input input = new PromptTemplate.Input(
                List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent(INSERTED)
                        .build()),
                INSERTED,
                INSERTED,
                INSERTED,
                new Repair(1, INSERTED, INSERTED, List.of(new Review(0.0, INSERTED))),
                new ExcerptText(INSERTED),
                INSERTED + "n");
        String request =
                String.valueOf(template.render(Layout.PAPER, input).getFirst().content());
        return INSERTION
                .splitAsStream(request)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
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
