package dev.precept.dataset.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.content.Sha256;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChatTemplateErrorTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a\nb {% if x %}\nc`|3|endif",
                "`a\n{{ x | nosuch }}`|2|unknown filter 'nosuch'",
                "`{{ x is nosuch }}`|1|unknown test 'nosuch'",
                "`\n\n{{ x `|3|unterminated tag",
                "`\n{% include 'y' %}`|2|unknown statement 'include'",
                "`{% for x of y %}{% endfor %}`|1|expected 'in'",
                "`\n{% break %}`|2|outside of a loop",
                "`{{ 'x }}`|1|unterminated string",
                "`\n{# x`|2|unterminated comment",
                "`{{ a b }}`|1|expected '}}'"
            })
    void aSyntaxErrorNamesFileAndLine(String template, int line, String problem) throws IOException {
        Path file = Files.writeString(folder.resolve("chat_template.jinja"), template);
        assertThatThrownBy(() -> ChatTemplate.read(file))
                .isInstanceOf(BrokenTemplateException.class)
                .hasMessageStartingWith(file + ":" + line + ": ")
                .hasMessageContaining(problem)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> ChatTemplate.read(folder.resolve("none.jinja")))
                .hasMessageContaining("none.jinja does not exist");
    }

    @Test
    void aTokenizerConfigMayHaveTheTemplateAsText() throws Exception {
        byte[] config =
                "{\"bos_token\": {\"content\": \"<s>\"}, \"eos_token\": \"</s>\", \"add_bos_token\": true, \"chat_template\": \"{{ bos_token }}\"}"
                        .getBytes(StandardCharsets.UTF_8);
        ChatTemplate template = ChatTemplate.read(Files.write(folder.resolve("tokenizer_config.json"), config));
        assertThat(template.tokens())
                .containsEntry("bos_token", "<s>")
                .containsEntry("eos_token", "</s>")
                .hasSize(2);
        assertThat(template.sha256()).isEqualTo(Sha256.hex(config));
        assertThat(template.name()).isEqualTo("tokenizer_config.json");
    }

    @Test
    void rowsWithToolsUseTheToolTemplateOfAList() throws Exception {
        ChatTemplate template = ChatTemplate.read(Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"chat_template": [{"name": "default", "template": "{{ messages[0].content ~ messages[-1].reasoning_content ~ messages[-1].content }}"},
                                   {"name": "tool_use", "template": "{{ messages[-1].content }}"}]}
                """));
        assertThat(new TemplateProbe(template, RowFormat.JSON)
                        .findFault(View.SFT, ExampleTemplates.row("thought", "answer")))
                .isEmpty();
        assertThat(new TemplateProbe(template, RowFormat.JSON)
                        .findFault(
                                View.SFT,
                                ExampleTemplates.row(
                                        java.util.List.of(), "thought", "answer", "[{\"type\": \"function\"}]")))
                .map(TemplateFault::kind)
                .contains(TemplateFault.Kind.DROPPED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"chat_template\": \"a\\n{% if %}\"}`|, line 2 of 'chat_template'",
                "`{\"chat_template\": [{\"name\": \"default\", \"template\": \"{{\"}]}`|, line 1 of 'default'",
                "`{\"chat_template\": []}`|has no chat_template that is a text",
                "`{}`|has no chat_template that is a text",
                "`{\n\"chat_template\": nope}`|:2: is not JSON"
            })
    void anUnusableTokenizerConfigIsNamed(String config, String problem) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer_config.json"), config);
        assertThatThrownBy(() -> ChatTemplate.read(file))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void aRecipeResolvesTemplatesRelativeToItsFolder() throws Exception {
        Files.writeString(folder.resolve("good.jinja"), "{{ messages }}");
        Files.writeString(folder.resolve("bad.jinja"), "\n{{");
        Recipe good = Recipe.parse("recipe.yaml", folder, "release:\n  templates: [good.jinja]\n");
        assertThat(ReleaseSettings.read(good).templates())
                .extracting(ChatTemplate::name)
                .containsExactly("good.jinja");
        good.throwProblems();
        Recipe bad = Recipe.parse("recipe.yaml", folder, "release:\n  templates: [bad.jinja, none.jinja]\n");
        ReleaseSettings.read(bad);
        assertThatThrownBy(bad::throwProblems)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bad.jinja:2:")
                .hasMessageContaining("none.jinja does not exist");
    }
}
