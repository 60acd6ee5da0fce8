package dev.precept.benchmarks.rows;

import dev.precept.content.Sha256;
import dev.precept.records.Dedup;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.PromptText;
import dev.precept.schemas.SlotId;
import dev.precept.text.Banding;
import dev.precept.text.Signer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Small rows, two of each prompt, some of whose texts are nearly equal to those of earlier ones. Prompts have 30 words,
 * reasonings 40, answers 10.
 */
public final class SimilarRows {
    private static final String RUN = "run-1";
    private static final int SLOTS = 2;
    private static final int WORDS = 1 << 14;
    private static final int PROMPT_WORDS = 30;
    private static final int REASONING_WORDS = 40;
    private static final int ANSWER_WORDS = 10;
    private static final int BLANKS = 8;
    private static final double THRESHOLD = 0.8;

    private final SampleRows forms = new SampleRows();
    private final Signer signer = new Signer(Banding.of(THRESHOLD));
    private final String signature = Signer.describe(signer.banding());
    private final String[] vocabulary;
    private final Kind kind;
    private final double share;

    /** What some of the texts are. */
    public enum Kind {
        /** An earlier text with another word. */
        PAIRS,
        /** The same text as all others of them, with another word. */
        CLUSTER,
        /** Each a template with eight other words: alike, and below the threshold. */
        TEMPLATE
    }

    /** @param share of the texts */
    public SimilarRows(Kind kind, double share) {
        this.kind = kind;
        this.share = share;
        SplittableRandom random = new SplittableRandom(1);
        this.vocabulary = new String[WORDS];
        Arrays.setAll(vocabulary, _ -> word(random));
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int letters = 3 + random.nextInt(8); letters > 0; letters--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    /** Generates the nth row, with bands. */
    public Sample of(int n) {
        int prompt = n / SLOTS;
        String question = text(1, prompt, PROMPT_WORDS);
        String reasoning = text(2, n, REASONING_WORDS);
        String answer = String.join(" ", words(seed(3, n), ANSWER_WORDS));
        String promptId = Sha256.hex("prompt " + prompt);
        List<Message> messages = List.of(
                Message.newBuilder().setRole("user").setContent(question).build(),
                Message.newBuilder()
                        .setRole("assistant")
                        .setContent(answer)
                        .setReasoningContent(reasoning)
                        .build());
        Sample row = forms.of(n);
        row.setSampleId(SlotId.sampleId(RUN, SlotId.of(promptId, n % SLOTS)));
        row.setRunId(RUN);
        row.setPromptId(promptId);
        row.setSlot(n % SLOTS);
        row.setMessages(messages);
        row.setReasoning(reasoning);
        row.setAnswer(answer);
        row.setJudge(row.getJudge().subList(0, 1));
        row.setDedup(Dedup.newBuilder()
                .setContentHash(ContentId.ofSample(messages, null))
                .setBands(bands(reasoning))
                .setPromptBands(bands(PromptText.of(messages.subList(0, 1))))
                .setSignature(signature)
                .setSeq(new Seq((long) prompt, 0, n % SLOTS))
                .build());
        return row;
    }

    private List<Long> bands(String text) {
        return Arrays.stream(signer.sign(text).bands()).boxed().toList();
    }

    private static SplittableRandom seed(int column, long n) {
        return new SplittableRandom(column * 1_000_003L + n * 7_919);
    }

    private String text(int column, int n, int length) {
        SplittableRandom random = seed(column + 10, n);
        if (n == 0 || random.nextDouble() >= share) {
            return String.join(" ", words(seed(column, n), length));
        }
        String[] words = words(seed(column, kind == Kind.PAIRS ? random.nextInt(n) : 0), length);
        for (int blank = 0; blank < (kind == Kind.TEMPLATE ? BLANKS : 1); blank++) {
            words[kind == Kind.TEMPLATE ? blank * length / BLANKS : random.nextInt(length)] =
                    vocabulary[random.nextInt(WORDS)];
        }
        return String.join(" ", words);
    }

    private String[] words(SplittableRandom random, int length) {
        String[] words = new String[length];
        Arrays.setAll(words, _ -> vocabulary[random.nextInt(WORDS)]);
        return words;
    }
}
