package dev.precept.chattemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates are untrusted. */
@Timeout(120)
final class TemplateSandboxTest {
    private static final String LOOP = "{% for a in range(9999) %}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.getClass() }}",
                "{{ ''.class.forName('java.lang.Runtime') }}",
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{{ messages.__class__.x }}",
                "{{ messages.getClass().forName('java.lang.System').exit(1) }}",
                "{{ raise_exception.__globals__.os }}",
                "{{ namespace.body.call(1) }}",
                "{{ ____int3rpr3t3r____.config }}",
                "{{ messages.stream() }}",
                "{{ messages.items.add(1) }}",
                "{{ messages.append(1) }}",
                "{{ {'a': 1}.update({'b': 2}) }}",
                "{{ ''['getClass']() }}"
            })
    void noValueReachesAJavaObject(String template) throws TemplateSyntaxException {
        assertThat(render(template)).isInstanceOf(Rendering.Failed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}",
                "{% from 'x' import y %}",
                "{% extends 'x' %}",
                "{% do messages.append(1) %}",
                "{{ 'x' | attr('y') }}",
                "{{ 'x' | xmlattr }}"
            })
    void statementsThatReadFilesAreSyntaxErrors(String template) {
        assertThatThrownBy(() -> Template.parse(template)).isInstanceOf(TemplateSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LOOP + LOOP + LOOP + "{% endfor %}{% endfor %}{% endfor %}",
                LOOP + LOOP + "{{ 'aaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}{% endfor %}",
                "{{ 'a' * 1000000000 }}",
                "{{ 'a' * 9000000000000000000 }}",
                "{{ [1] * 1000000000 }}",
                "{{ range(1000000000) }}",
                "{% set n = namespace(x='ab') %}" + LOOP + "{% set n.x = n.x + n.x %}{% endfor %}",
                "{% set n = namespace(x='ab') %}" + LOOP + "{% set n.x = n.x ~ n.x %}{% endfor %}",
                "{% set n = namespace(x='ab') %}" + LOOP + "{% set n.x = n.x.replace('a', 'aab') %}{% endfor %}",
                "{% set n = namespace(x=[1]) %}" + LOOP + "{% set n.x = n.x + n.x %}{% endfor %}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x == n.x }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|tojson }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ {n.x: 1} }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ {}.get(n.x) }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(9999) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ [n.x].index([1]) }}",
                "{% set n = namespace(x=[1]) %}{% for a in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ [n.x, n.x]|unique }}",
                "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
                "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}",
                "{% set n = namespace() %}{% set n.n = n %}{{ n.n.n.x.y }}",
                "{{ ('a' * 3000000) | indent(1000) | replace('a', 'a' * 3000000) }}",
                "{% set x = 'a' * 1000000 %}" + LOOP + "{% set y = x.upper() %}{% endfor %}",
                "{% set x = 'a b ' * 100000 %}" + LOOP + "{% set y = x.split() %}{% endfor %}",
                "{% set x = range(90000) %}" + LOOP + "{% set y = x|sort|list %}{% endfor %}",
                "{% set x = range(90000)|list %}" + LOOP + "{% set y = -1 in x %}{% endfor %}",
                "{% set x = 'a' * 1000000 %}" + LOOP + "{% set y = x|length %}{% endfor %}",
                "{% set x = 'a' * 1000000 %}" + LOOP + "{% set y = 'b' in x %}{% endfor %}",
                "{% set x = 'a' * 1000000 %}" + LOOP + "{% set y = x[5] %}{% endfor %}",
                "{% set x = 'a' * 1000000 %}" + LOOP + "{% set y = x.find('b') %}{% endfor %}",
                "{% set x = 'a' * 1000000 %}" + LOOP + "{% if x is upper %}{% endif %}{% endfor %}"
            })
    void aTemplateThatExceedsALimitFails(String template) throws TemplateSyntaxException {
        long start = System.nanoTime();
        assertThat(render(template)).isInstanceOf(Rendering.Failed.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{1:", "-", "1 if (", "x[", "f("})
    void tooDeepNestingIsASyntaxError(String open) {
        assertThatThrownBy(() -> Template.parse("{{ " + open.repeat(20_000) + " }}"))
                .isInstanceOf(TemplateSyntaxException.class);
    }

    @Test
    void aLongChainFailsWithoutAStackOverflow() throws TemplateSyntaxException {
        for (String link : List.of(" + 1", " ~ 1", "|string", ".x", " or 0", " |length|string")) {
            assertThat(render("{{ 0" + link.repeat(20_000) + " }}")).isInstanceOf(Rendering.Failed.class);
        }
        assertThat(render("{{ " + "not ".repeat(20_000) + "1 }}")).isInstanceOf(Rendering.Failed.class);
        assertThatThrownBy(() -> Template.parse("{{ 1" + " if 1 else 2".repeat(20_000) + " }}"))
                .isInstanceOf(TemplateSyntaxException.class);
        assertThatThrownBy(() -> Template.parse("{% if 1 %}".repeat(20_000)))
                .isInstanceOf(TemplateSyntaxException.class);
    }

    @Test
    void aCyclicNamespaceIsComparedByIdentity() throws TemplateSyntaxException {
        assertThat(render("{% set n = namespace() %}{% set n.n = n %}{{ n == n }}{{ n is sameas n }}{{ n in [n] }}"))
                .isEqualTo(new Rendering.Rendered("TrueTrueTrue"));
    }

    @Test
    void renderingsDoNotAffectEachOther() throws TemplateSyntaxException {
        Template template = Template.parse("{{ x }}{% set x = 1 %}{% set range = 2 %}{{ range }}");
        assertThat(template.render(Map.of())).isEqualTo(template.render(Map.of()));
    }

    private static Rendering render(String template) throws TemplateSyntaxException {
        return Template.parse(template).render(Map.of("messages", Value.list(List.of(Value.of("a")))));
    }
}
