package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every repeated id is found, also after the table has grown. */
class SeenPromptsTest {
    @Test
    void anIdIsNewOnce() {
        SeenPrompts seen = new SeenPrompts();
        List<String> ids = IntStream.range(0, 5_000)
                .mapToObj(i -> Sha256.hex("prompt " + i))
                .toList();

        assertThat(ids).allMatch(seen::add);
        assertThat(ids).noneMatch(seen::add);
        assertThat(seen.add(Sha256.hex("another"))).isTrue();
    }
}
