package dev.precept.cli.command;

import dev.precept.judging.Layout;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.PromptTemplates;
import dev.precept.runtime.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept template}. */
@Command(
        name = "template",
        mixinStandardHelpOptions = true,
        description =
                "Print a built-in prompt, to write your own from it. A recipe names your file as generator.template"
                        + " or judge.template. The places in double braces stay, each once: {{policies}}, {{conversation}}; for"
                        + " a judge also {{reasoning}}, {{answer}} and {{side_information}}; judge-answer, for reward.template, has no"
                        + " {{reasoning}}. Its {{criteria}} and {{members}}"
                        + " are what judge.criteria says; your own may say it in other words, without them.")
final class TemplateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ROLE", description = "generate, judge or judge-answer")
    private PromptTemplate.Role role = PromptTemplate.Role.GENERATE;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            defaultValue = "spec-first",
            description = "spec-first, spec-first-user (the same text) or paper (default ${DEFAULT-VALUE})")
    private Layout layout = Layout.SPEC_FIRST;

    @Override
    public Integer call() {
        System.out.print(PromptTemplates.builtIn(role, layout).text());
        return ExitCode.RELEASED.code();
    }
}
