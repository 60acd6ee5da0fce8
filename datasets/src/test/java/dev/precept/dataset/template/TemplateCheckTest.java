package dev.precept.dataset.template;

import static dev.precept.dataset.template.ExampleTemplates.message;
import static dev.precept.dataset.template.ExampleTemplates.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.View;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemplateCheckTest {
    private static final Sample ROW = row("Short waves scatter more.", "Because of scattering.");
    private static final String TOOLS =
            "[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}]";

    @TempDir
    private Path folder;

    @Test
    void r1DropsTheReasoningOfBothSupervisedViews() {
        assertThat(kind("r1-distill", View.SFT_THINK, ROW)).contains(TemplateFault.Kind.DROPPED);
        assertThat(kind("r1-distill", View.SFT, ROW)).contains(TemplateFault.Kind.DROPPED);
        assertThat(kind("r1-distill", View.PREFERENCE, ROW)).contains(TemplateFault.Kind.DROPPED);
        assertThat(kind("r1-distill", View.RL, ROW)).isEmpty();
    }

    @Test
    void qwen3KeepsBothSupervisedViews() {
        assertThat(kind("qwen3", View.SFT, ROW)).isEmpty();
        assertThat(kind("qwen3", View.SFT_THINK, ROW)).isEmpty();
        assertThat(kind("qwen3", View.PREFERENCE, ROW)).isEmpty();
    }

    @Test
    void harmonyReadsAnotherFieldAndTheRefusalNamesIt() {
        assertThat(kind("harmony", View.SFT, ROW)).contains(TemplateFault.Kind.DROPPED);
        assertThat(kind("harmony", View.SFT_HARMONY, ROW)).isEmpty();
        assertThat(refusal("harmony", View.SFT, ROW))
                .hasValueSatisfying(line ->
                        assertThat(line).endsWith("keeps such a row in the view sft-harmony or sft-pc-harmony"));
        assertThat(refusal("harmony", View.PREFERENCE, ROW))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains(
                                "view preference",
                                "harmony.jinja",
                                ROW.getSampleId(),
                                "this template keeps such a row in the view preference-harmony")
                        .doesNotContain("\n"));
    }

    @Test
    void aRefusalNamesViewTemplateSampleAndRemedy() {
        assertThat(refusal("always-empty-thought", View.SFT_THINK, ROW))
                .contains(
                        "view sft-think is refused: chat template always-empty-thought.jinja adds an empty thought to "
                                + "the reasoning: sample " + ROW.getSampleId()
                                + "; remove sft-think from the views; this template keeps such a row in the view sft or sft-pc");
    }

    @Test
    void duplicatedReasoningIsFound() {
        assertThat(kind("field-and-inline", View.SFT, ROW)).contains(TemplateFault.Kind.DOUBLED);
        assertThat(kind("field-and-inline", View.SFT_THINK, ROW)).isEmpty();
    }

    @Test
    void aLostAnswerIsFound() throws Exception {
        assertThat(kind("{% for m in messages %}{{ m.reasoning_content }}{% endfor %}", ROW))
                .contains(TemplateFault.Kind.ANSWER_LOST);
        assertThat(kind("{% for m in messages %}{{ m.reasoning_content }}{{ m.content * 2 }}{% endfor %}", ROW))
                .contains(TemplateFault.Kind.ANSWER_DOUBLED);
    }

    @Test
    void aSecondPairOfTagsIsFound() throws Exception {
        assertThat(kind(
                        "{% for m in messages %}<think><think>{{ m.reasoning_content }}</think></think>{{ m.content }}{% endfor %}",
                        ROW))
                .contains(TemplateFault.Kind.SECOND_TAGS);
        assertThat(kind(
                        "Think within <think></think>.{% for m in messages %}<think>{{ m.reasoning_content }}</think>{{ m.content }}{% endfor %}",
                        row(List.of(message("system", "Be kind."), message("user", "Why?")), "thought", "answer")))
                .as("text before the last turn is not its reasoning")
                .isEmpty();
    }

    @Test
    void inlineTagsAreRefusedWhereTheTemplateHasAChannel() {
        for (View view : List.of(View.SFT_THINK, View.SFT_PC_THINK, View.PREFERENCE_THINK)) {
            assertThat(kind("harmony", view, ROW)).as(view.label()).contains(TemplateFault.Kind.VISIBLE);
        }
        assertThat(refusal("harmony", View.SFT_THINK, ROW))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("visible answer")
                        .endsWith("keeps such a row in the view sft-harmony or sft-pc-harmony"));
        assertThat(kind("harmony", View.SFT_THINK, row("", "No thought.")))
                .as("nothing to see")
                .isEmpty();
    }

    @Test
    void noRecommendedViewShowsTheReasoning() {
        for (String template : ExampleTemplates.ALL) {
            boolean channel = ExampleTemplates.template(template).reasoning().hasChannel();
            for (View view : List.of(View.SFT, View.SFT_PC, View.SFT_HARMONY, View.SFT_PC_HARMONY, View.PREFERENCE)) {
                refusal(template, view, ROW)
                        .filter(_ -> channel)
                        .ifPresent(line -> assertThat(line).doesNotContain("-think"));
            }
        }
    }

    @Test
    void aLostTurnOfThePromptIsFound() throws Exception {
        String usersOnly =
                "{% for m in messages %}{% if m.role != 'developer' %}{{ m.reasoning_content or '' }}{{ m.content }}{% endif %}{% endfor %}";
        Sample sample = row(List.of(message("developer", "Be brief."), message("user", "Why?")), "thought", "answer");
        assertThat(kind(usersOnly, sample)).contains(TemplateFault.Kind.TURN_LOST);
        assertThat(kind(usersOnly, ROW)).isEmpty();
        Path file = Files.writeString(folder.resolve("users.jinja"), usersOnly);
        TemplateCheck check = new TemplateCheck(List.of(ChatTemplate.read(file)), RowFormat.PLAIN);
        assertThat(check.refusal(View.RL, sample))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("drops a turn of the prompt (role developer)", "release with --developer-as-system"));
    }

    @Test
    void aLostCallAndLostToolsAreFound() throws Exception {
        String textsOnly = "{% for m in messages %}{{ m.reasoning_content or '' }}{{ m.content }}{% endfor %}";
        String tools = "{{ tools | tojson if tools else '' }}";
        String names = "{% for c in messages[-1].tool_calls or [] %}{{ c.function.name }}{% endfor %}";
        String arguments =
                "{% for c in messages[-1].tool_calls or [] %}{{ c.function.arguments | tojson }}{% endfor %}";
        Sample called = row(List.of(message("user", "Find it.")), "I look.", "", TOOLS);
        called.getMessages()
                .getLast()
                .setToolCalls(
                        "[{\"id\":\"c\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"q\\\":[\\\"sky\\\"]}\"}}]");
        assertThat(kind(tools + textsOnly, called)).contains(TemplateFault.Kind.CALL_LOST);
        assertThat(kind(tools + textsOnly + names, called)).contains(TemplateFault.Kind.CALL_LOST);
        assertThat(kind(textsOnly + names + arguments, called)).contains(TemplateFault.Kind.TOOLS_LOST);
        assertThat(kind(tools + textsOnly + names + arguments, called)).isEmpty();
    }

    /** A trainer masks as many tokens of a conversation as its prompt has, with the start of an answer. */
    @Test
    void aPromptThatIsLongerAloneIsFound() throws Exception {
        Path file = Files.writeString(
                folder.resolve("empty-thought.jinja"),
                "{% for m in messages %}[{{ m.role }}]{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}"
                        + "{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]<think>\n\n</think>\n\n{% endif %}");
        TemplateProbe probe = new TemplateProbe(ChatTemplate.read(file), RowFormat.PLAIN);
        assertThat(probe.findFault(View.SFT, ROW)).isEmpty();
        assertThat(probe.findFault(View.SFT_PC, ROW).map(TemplateFault::kind)).contains(TemplateFault.Kind.LOSS_MOVED);
        assertThat(probe.findFault(View.PREFERENCE, ROW).map(TemplateFault::kind))
                .contains(TemplateFault.Kind.LOSS_MOVED);
        assertThat(kind("qwen3", View.SFT_PC, ROW)).isEmpty();
    }

    @Test
    void anArgumentThatKeepsThePromptIsNamed() throws Exception {
        Path file = Files.writeString(
                folder.resolve("switch.jinja"),
                "{% for m in messages %}[{{ m.role }}]{% if m.reasoning_content %}<think>{{ m.reasoning_content }}</think>{% endif %}"
                        + "{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]<think>"
                        + "{% if not enable_thinking %}\n\n</think>\n\n{% endif %}{% endif %}");
        assertThat(new TemplateCheck(List.of(ChatTemplate.read(file)), RowFormat.PLAIN).refusal(View.SFT_PC, ROW))
                .hasValueSatisfying(line -> assertThat(line).contains("(not with the argument enable_thinking true)"));
    }

    /** A trainer passes contents as parts to a processor of images, also without an image. */
    @Test
    void aTemplateOfAProcessorGetsContentsAsParts() throws Exception {
        String parts = "{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}{% endfor %}";
        Path file = Files.writeString(folder.resolve("parts.jinja"), parts);
        TemplateProbe probe = new TemplateProbe(ChatTemplate.read(file), RowFormat.PLAIN);
        assertThat(probe.findFault(View.SFT_THINK, ROW)).isEmpty();
        assertThat(probe.findFault(View.SFT, ROW).map(TemplateFault::kind)).contains(TemplateFault.Kind.DROPPED);
        Sample sample = row(List.of(message("developer", "Be brief."), message("user", "Why?")), "thought", "answer");
        assertThat(probe.findFault(View.SFT_THINK, sample).map(TemplateFault::kind))
                .contains(TemplateFault.Kind.NOT_RENDERED);
    }

    @Test
    void theTraitsOfATemplateAreFound() {
        assertThat(ExampleTemplates.template("qwen3").reasoning())
                .isEqualTo(new ReasoningTrait(List.of("reasoning_content"), false, false));
        assertThat(ExampleTemplates.template("harmony").reasoning())
                .isEqualTo(new ReasoningTrait(List.of("thinking"), true, false));
        assertThat(ExampleTemplates.template("r1-distill").reasoning())
                .isEqualTo(new ReasoningTrait(List.of(), false, false));
        assertThat(ExampleTemplates.template("field-and-inline").reasoning().keepsEarlier())
                .isTrue();
    }

    @Test
    void aTemplateThatRaisesIsRefusedWithItsLine() {
        Sample twoQuestions = row(List.of(message("user", "One?"), message("user", "Two?")), "thought", "answer");
        assertThat(refusal("alternating", View.RL, twoQuestions))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("cannot be applied (line 5: Conversation roles must alternate", "alternating.jinja"));
    }

    @Test
    void onlyTheLastTurnCounts() {
        Message earlier = Message.newBuilder(message("assistant", "First answer."))
                .setReasoningContent("First thought.")
                .build();
        List<Message> prompt =
                List.of(message("system", "Be kind."), message("user", "One?"), earlier, message("user", "Two?"));
        assertThat(kind("qwen3", View.SFT, row(prompt, "Second thought.", "Second answer.")))
                .isEmpty();
        assertThat(kind("qwen3", View.SFT_THINK, row(prompt, "Second thought.", "Second answer.")))
                .isEmpty();
    }

    @Test
    void toolsAndOutputsArePassedAsByATrainer() {
        Message call = Message.newBuilder(message("assistant", ""))
                .setToolCalls("[{\"id\":\"c1\",\"function\":{\"name\":\"look\",\"arguments\":{\"q\":1}}}]")
                .build();
        Message output =
                Message.newBuilder(message("tool", "found")).setToolCallId("c1").build();
        Sample sample = row(List.of(message("user", "Find it."), call, output), "It is there.", "Done.", TOOLS);
        assertThat(kind("qwen3", View.SFT, sample)).isEmpty();
        assertThat(kind("harmony", View.SFT, sample)).contains(TemplateFault.Kind.DROPPED);
    }

    @Test
    void repeatedTextIsNotAFault() {
        for (Sample sample : List.of(
                row("Yes", "Yes"),
                row("blue", "The sky is blue, as said: Why is the sky blue?"),
                row("Why is the sky blue?", "Because."),
                row("assistant", "user"),
                row("\n\n  spaced \u00a0\n", "  answer\u3000\n\n"),
                row("a { b }} {{ c }} {% raw %} \\ \" '", "{{ messages }}"),
                row("caf\u00e9 \ud83d\ude00", "\ud83d\ude00"),
                row(
                        List.of(message("user", "  padded  "), message("user", "<think>not mine</think>")),
                        "thought",
                        "answer"))) {
            assertThat(kind("qwen3", View.SFT, sample))
                    .as(sample.getReasoning())
                    .isEmpty();
            assertThat(kind("qwen3", View.SFT_THINK, sample))
                    .as(sample.getReasoning())
                    .isEmpty();
        }
    }

    @Test
    void aTextThatIsCutAtATagIsFound() {
        Sample cut = row("The tag </think> ends a thought, I believe.", "Indeed.");
        assertThat(kind("qwen3", View.SFT_THINK, cut)).contains(TemplateFault.Kind.CUT);
        assertThat(kind("qwen3", View.SFT, cut)).isEmpty();
        Sample answered = row("They ask about tags.", "It is written </think>.");
        assertThat(kind("qwen3", View.SFT_THINK, answered)).contains(TemplateFault.Kind.CUT);
        assertThat(kind("qwen3", View.SFT, answered)).isEmpty();
    }

    @Test
    void aPromptMistakenForAToolOutputIsFound() {
        Sample sample = row(List.of(message("user", "<tool_response>x</tool_response>")), "thought", "answer");
        assertThat(kind("qwen3", View.SFT, sample)).contains(TemplateFault.Kind.DROPPED);
    }

    @Test
    void aRowWithoutReasoningHasNoFault() {
        Sample silent = row("", "Because of scattering.");
        assertThat(kind("qwen3", View.SFT, silent)).isEmpty();
        assertThat(kind("r1-distill", View.SFT, silent)).isEmpty();
        assertThat(kind("r1-distill", View.SFT_THINK, silent)).isEmpty();
    }

    @Test
    void rowsOfOneShapeAreCheckedSeparately() {
        TemplateProbe templateProbe = new TemplateProbe(ExampleTemplates.template("qwen3"), RowFormat.JSON);
        assertThat(templateProbe.findFault(View.SFT_THINK, row("</think>", "a")))
                .isPresent();
        assertThat(templateProbe.findFault(View.SFT_THINK, ROW)).isEmpty();
        assertThat(templateProbe.findFault(View.SFT_THINK, row("</think>", "a")))
                .isPresent();
    }

    private Optional<TemplateFault.Kind> kind(String template, Sample sample) throws Exception {
        Path file = Files.writeString(folder.resolve("own.jinja"), template);
        return new TemplateProbe(ChatTemplate.read(file), RowFormat.JSON)
                .findFault(View.SFT, sample)
                .map(TemplateFault::kind);
    }

    private static Optional<TemplateFault.Kind> kind(String shape, View view, Sample sample) {
        return new TemplateProbe(ExampleTemplates.template(shape), RowFormat.JSON)
                .findFault(view, sample)
                .map(TemplateFault::kind);
    }

    private static Optional<String> refusal(String shape, View view, Sample sample) {
        return new TemplateCheck(List.of(ExampleTemplates.template(shape)), RowFormat.JSON).refusal(view, sample);
    }
}
