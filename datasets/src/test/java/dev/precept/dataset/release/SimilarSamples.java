package dev.precept.dataset.release;

import dev.precept.content.Sha256;
import dev.precept.dataset.NeutralRows;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.SlotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Samples with texts of 250 words, some of them changed. */
final class SimilarSamples {
    /** Word runs of a text: enough that characters do not count. */
    private static final int WORDS = 250;

    /** Two texts with these numbers of words changed differ by their sum. */
    private static final int APART = 7;

    private SimilarSamples() {}

    /**
     * A text of a family: with the words at {@code changes} places changed, and those of lower numbers too. Families have
     * nothing in common.
     */
    static String text(String family, int changes) {
        Random random = new Random(family.hashCode());
        List<String> words = new ArrayList<>();
        for (int n = 0; n < WORDS; n++) {
            words.add(word(random));
        }
        Random other = new Random(family.hashCode() + 1L);
        for (int n = 0; n < changes; n++) {
            words.set((n + 1) * APART % WORDS, word(other));
        }
        return String.join(" ", words);
    }

    private static String word(Random random) {
        return random.ints(5, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A sample of a run. The prompt id is a function of the question. */
    static Sample sample(String run, String question, int slot, String reasoning, String answer, Seq seq) {
        String promptId = Sha256.hex("prompt " + question);
        List<Message> messages = List.of(
                message("system", "Be kind.", null),
                message("user", question, null),
                message("assistant", answer, reasoning));
        Sample form = NeutralRows.plain(NeutralRows.sample(1));
        form.setSampleId(SlotId.sampleId(run, SlotId.of(promptId, slot)));
        form.setRunId(run);
        form.setPromptId(promptId);
        form.setSlot(slot);
        form.setMessages(messages);
        form.setReasoning(reasoning);
        form.setAnswer(answer);
        form.getDedup().setContentHash(ContentId.ofSample(messages, null));
        form.getDedup().setBands(List.of());
        form.getDedup().setSeq(seq);
        return form;
    }

    /** A sample of the first run whose answer differs from all others. */
    static Sample sample(String question, int slot, String reasoning, Seq seq) {
        return sample(NeutralRows.RUN, question, slot, reasoning, "Answer " + seq + question.hashCode(), seq);
    }

    private static Message message(String role, String content, @Nullable String reasoning) {
        Message message = new Message();
        message.setRole(role);
        message.setContent(content);
        message.setReasoningContent(reasoning);
        return message;
    }
}
