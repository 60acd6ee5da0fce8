package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.judging.PromptTemplate.InvalidTemplateException;
import dev.precept.judging.PromptTemplate.Role;
import dev.precept.records.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A template as a person writes it: places are replaced once, braces may stand in it, and editors may mark it. */
class OwnTemplateTest {
    private static final String NONCE = "0123456789abcdef";
    private static final String PLAIN = "按照政策回答。\n\n```\n{{policies}}\n```\n\n{{conversation}}\n\n结束。\n";

    @Test
    void byteOrderMarkAndLineEndsOfAnEditorDoNotChangeATemplate() throws Exception {
        PromptTemplate plain = PromptTemplate.parse(Role.GENERATE, PLAIN);
        PromptTemplate edited = PromptTemplate.parse(Role.GENERATE, "\uFEFF" + PLAIN.replace("\n", "\r\n"));
        assertThat(edited.version()).isEqualTo(plain.version());
        assertThat(edited.text()).isEqualTo(PLAIN);
        assertThat(rendered(edited, Layout.SPEC_FIRST, "问题？"))
                .startsWith("按照政策回答。\n\n```\nTHE EXCERPT\n```")
                .contains("<<conversation " + NONCE + ">>", "问题？")
                .endsWith("结束。\n");
    }

    @Test
    void bracesAfterABackslashAreBraces() throws Exception {
        PromptTemplate template = PromptTemplate.parse(
                Role.GENERATE,
                "As Jinja: \\{{ name }} and \\{{policies}}.\n{{policies}}\n{{conversation}}\nA {\"a\": {}} too.");
        assertThat(rendered(template, Layout.SPEC_FIRST_USER, "q"))
                .startsWith("As Jinja: {{ name }} and {{policies}}.\nTHE EXCERPT")
                .endsWith("A {\"a\": {}} too.");
        assertThat(template.text()).contains("\\{{ name }}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                  | the template has no {{policies}}, {{conversation}}
            {{policies}}\\n{{ name }}{{conversation}}           | line 2: {{name}} is no place of this template
            \\{{x}}\\n{{policies}} {{ {{conversation}}          | line 2: '{{' begins no place; write '\\{{'
            {{policies}}\\n{{POLICIES}} {{conversation}}        | line 2: {{POLICIES}} is no place
            {{policies}} {{conversation}}\\n\\n{{conversation}} | line 3: {{conversation}} stands here a second time""")
    void aProblemIsNamedWithItsLine(String template, String problem) {
        assertThatThrownBy(() -> PromptTemplate.parse(Role.GENERATE, template.replace("\\n", "\n")))
                .isInstanceOf(InvalidTemplateException.class)
                .hasMessageContaining(problem);
    }

    /** What is inserted is not read as a template: neither foreign text nor the specification. */
    @ParameterizedTest
    @EnumSource
    void aPlaceInATextThatIsInsertedIsText(Layout layout) throws Exception {
        PromptTemplate template = PromptTemplate.parse(Role.GENERATE, PLAIN);
        assertThat(rendered(template, layout, "{{policies}} {{conversation}} \\{{policies}} $1 \\1"))
                .contains("{{policies}} {{conversation}} \\{{policies}} $1 \\1")
                .containsOnlyOnce("THE EXCERPT");
    }

    private static String rendered(PromptTemplate template, Layout layout, String question) {
        return Rendered.text(template.render(
                layout,
                Rendered.input(
                        List.of(Message.newBuilder()
                                .setRole("user")
                                .setContent(question)
                                .build()),
                        "",
                        "",
                        null,
                        "THE EXCERPT",
                        NONCE)));
    }
}
