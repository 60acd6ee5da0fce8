package dev.precept.console.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModuleJoinerTest {
    private static String join(Map<String, String> modules) {
        return new ModuleJoiner(modules::get).join("app.js");
    }

    @Test
    void aModuleRunsOnceAndAfterThoseThatItImports() {
        String script = join(Map.of(
                "app.js", "import { a, b } from \"./pages/a.js\";\nimport { c } from \"./c.js\";\na(b, c);\n",
                "pages/a.js", "import { c } from \"../c.js\";\nexport const b = c;\nexport async function a() {}\n",
                "c.js", "export class c {}\nconst hidden = 1;\n"));
        assertThat(script).isEqualTo("""
                "use strict";
                const module_c_js = (() => {
                class c {}
                const hidden = 1;
                return { c };
                })();
                const module_pages_a_js = (() => {
                const { c } = module_c_js;
                const b = c;
                async function a() {}
                return { b, a };
                })();
                const module_app_js = (() => {
                const { a, b } = module_pages_a_js;
                const { c } = module_c_js;
                a(b, c);
                return {  };
                })();""");
    }

    @Test
    void whatItCannotJoinIsRefused() {
        assertThatThrownBy(() -> join(Map.of("app.js", "import x from \"./x.js\";\n")))
                .hasMessageContaining("app.js: cannot be joined: import x from");
        assertThatThrownBy(() -> join(Map.of("app.js", "export default 1;\n"))).hasMessageContaining("export default");
        assertThatThrownBy(() -> join(Map.of(
                        "app.js", "import { a } from \"./a.js\";\n", "a.js", "import { b } from \"./app.js\";\n")))
                .hasMessageContaining("import each other");
    }
}
