package dev.precept.dataset.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.chattemplate.Rendering;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.View;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** If all texts of a row differ, counting them in the rendering must give the same result. */
final class TemplateCheckRandomizedTest {
    private static final int ROWS = 400;
    private static final long SEED = Long.getLong("precept.seed", System.nanoTime());

    @Test
    void randomConversationsOfEveryShape() {
        System.out.println("precept.seed=" + SEED);
        Random random = new Random(SEED);
        int faults = 0;
        for (String shape : ExampleTemplates.ALL) {
            ChatTemplate template = ExampleTemplates.template(shape);
            TemplateProbe templateProbe = new TemplateProbe(template, RowFormat.JSON);
            for (int i = 0; i < ROWS; i++) {
                Sample sample = random(random);
                for (View view : List.of(View.SFT, View.SFT_THINK, View.PREFERENCE)) {
                    Optional<TemplateFault> fault = templateProbe.findFault(view, sample);
                    faults += fault.isPresent() ? 1 : 0;
                    assertThat(counted(fault))
                            .as("%s, %s, seed %d: %s, %s", shape, view, SEED, sample.getMessages(), fault)
                            .isEqualTo(counted(template, view, sample));
                }
            }
        }
        System.out.println(faults + " of " + ExampleTemplates.ALL.size() * ROWS * 3 + " rows are not kept");
        assertThat(faults).isBetween(ROWS, ExampleTemplates.ALL.size() * ROWS * 3 - ROWS);
    }

    private static String counted(Optional<TemplateFault> fault) {
        return fault.map(found -> switch (found.kind()) {
                    case DROPPED -> "reasoning 0";
                    case DOUBLED -> "reasoning more";
                    case ANSWER_LOST -> "answer 0";
                    case ANSWER_DOUBLED -> "answer more";
                    case NOT_RENDERED -> "failed";
                    case EMPTY_THOUGHT, SECOND_TAGS, CUT, TURN_LOST, CALL_LOST, TOOLS_LOST, VISIBLE, LOSS_MOVED ->
                        "once";
                })
                .orElse("once");
    }

    private static String counted(ChatTemplate template, View view, Sample sample) {
        return switch (template.render(Conversation.of(view, view.projection(RowFormat.JSON), sample), false)) {
            case Rendering.Failed _ -> "failed";
            case Rendering.Rendered(String text) -> {
                int thoughts = count(text, sample.getReasoning().strip());
                int answers = count(text, sample.getAnswer().strip());
                yield thoughts != 1
                        ? thoughts == 0 ? "reasoning 0" : "reasoning more"
                        : answers != 1 ? answers == 0 ? "answer 0" : "answer more" : "once";
            }
        };
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    private static Sample random(Random random) {
        List<Message> prompt = new ArrayList<>();
        if (random.nextBoolean()) {
            prompt.add(ExampleTemplates.message(random.nextBoolean() ? "system" : "developer", text(random)));
        }
        for (int turn = random.nextInt(3); turn > 0; turn--) {
            prompt.add(ExampleTemplates.message("user", text(random)));
            prompt.add(Message.newBuilder(ExampleTemplates.message("assistant", text(random)))
                    .setReasoningContent(random.nextBoolean() ? text(random) : null)
                    .build());
        }
        prompt.add(ExampleTemplates.message("user", text(random)));
        if (random.nextInt(8) == 0) {
            prompt.add(ExampleTemplates.message("user", text(random)));
        }
        return ExampleTemplates.row(prompt, text(random), text(random));
    }

    private static String text(Random random) {
        String[] blanks = {"", " ", "\n", "\n\n", "\t"};
        return blanks[random.nextInt(blanks.length)] + "w" + Long.toHexString(random.nextLong()) + "\nand "
                + Long.toHexString(random.nextLong()) + blanks[random.nextInt(blanks.length)];
    }
}
