package dev.precept.cli.command;

import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.PromptTemplates;
import dev.precept.runtime.ExitCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code precept template}. */
@Command(
        name = "template",
        mixinStandardHelpOptions = true,
        description =
                "Print a built-in prompt, to write your own from it. A recipe names your file as generator.template"
                        + " or judge.template. The places in double braces stay, each once: {{policies}}, {{conversation}}; for"
                        + " a judge also {{reasoning}}, {{answer}} and {{side_information}}.")
final class TemplateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ROLE", converter = RoleName.class, description = "generate or judge")
    private PromptTemplate.Role role = PromptTemplate.Role.GENERATE;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            converter = LayoutName.class,
            defaultValue = "spec-first",
            description = "spec-first, spec-first-user (the same text) or paper (default ${DEFAULT-VALUE})")
    private Layout layout = Layout.SPEC_FIRST;

    static final class RoleName implements ITypeConverter<PromptTemplate.Role> {
        @Override
        public PromptTemplate.Role convert(String name) {
            return oneOf(name, PromptTemplate.Role.values(), role -> role.name().toLowerCase(Locale.ROOT));
        }
    }

    static final class LayoutName implements ITypeConverter<Layout> {
        @Override
        public Layout convert(String name) {
            return oneOf(name, Layout.values(), Layout::toString);
        }
    }

    private static <E> E oneOf(String name, E[] values, Function<E, String> label) {
        return Arrays.stream(values)
                .filter(value -> label.apply(value).equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + name + "' is none of "
                        + Arrays.stream(values).map(label).collect(Collectors.joining(", "))));
    }

    @Override
    public Integer call() {
        System.out.print(PromptTemplates.builtIn(role, layout).text());
        return ExitCode.RELEASED.code();
    }
}
