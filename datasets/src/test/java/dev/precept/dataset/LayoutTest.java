package dev.precept.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key is read as what it was built for. */
class LayoutTest {
    private static final ChainId CHAIN = new ChainId("samples", "kTj0aBcDQ1-_x-7", 3);

    @ParameterizedTest
    @CsvSource({
        "dataset.json, IDENTITY",
        "dataset.json.bak, UNKNOWN",
        "log/samples-t-0/00000000000000000000.json, COMMIT",
        "data/samples-t-0/0-5-0123456789abcdef.parquet, DATA",
        "runs/r.json, RUN",
        "runs/r.recovered-1.json, RUN",
        "specs/ab/bundle.json, SPECIFICATION",
        "evaluations/ab.bin, EVALUATION",
        "evaluations/v1/00000000000000000001.json, EVALUATION",
        "gates/00000000000000000001.json, GATE",
        "templates/ab.md, TEMPLATE",
        "releases/v1/manifest.json, RELEASE",
        "refs/latest/00000000000000000001.json, REF",
        "withdrawals/00000000000000000001.json, WITHDRAWAL",
        "rewrites/plans/00000000000000000001.json, REWRITE",
        "purges/plans/00000000000000000001.json, UNKNOWN",
        "audit/20260101T000000.000Z-00.json, AUDIT",
        "cache/ab/cd.json, CACHE",
        ".probe-1, PROBE",
        ".drafts/1, STAGED",
        "notes.txt, UNKNOWN",
        "notes/log/1, UNKNOWN"
    })
    void eachKeyHasAKind(String key, Layout.Kind kind) {
        assertThat(Layout.kindOf(key)).isEqualTo(kind);
    }

    @Test
    void aFileOfAVersionIsReadWithItsVersion() {
        assertThat(Layout.parseRelease(Layout.releaseFile("v1", "sft/a.parquet")))
                .contains(new Layout.ReleaseFile("v1", "sft/a.parquet"));
        assertThat(Layout.parseRelease(Layout.manifest("v1")))
                .get()
                .matches(Layout.ReleaseFile::isManifest)
                .extracting(Layout.ReleaseFile::version)
                .isEqualTo("v1");
        assertThat(Layout.parseRelease(Layout.releaseFile("v1", "sft/manifest.json")))
                .get()
                .matches(file -> !file.isManifest());
        assertThat(Layout.parseRelease("releases/v1")).isEmpty();
        assertThat(Layout.parseRelease(Layout.release("v1"))).isEmpty();
        assertThat(Layout.parseRelease("refs/v1/x")).isEmpty();
    }

    @Test
    void aShardIsInTheFolderOfItsSplit() {
        assertThat(Layout.shard(View.SFT, Split.VALIDATION, 3, 8))
                .isEqualTo("sft/validation/validation-00003-of-00008.parquet");
    }

    @Test
    void aKeyOfAChainIsReadWithItsPosition() {
        Optional<ChainId.Position> position = Optional.of(new ChainId.Position(CHAIN, 42));
        assertThat(ChainId.parseCommitKey(CHAIN.commitKey(42))).isEqualTo(position);
        assertThat(ChainId.parseDataKey(CHAIN.dataKey(42, 50, "0123456789abcdef0123")))
                .contains(new ChainId.DataKey(CHAIN, 42, 50, 0));
        assertThat(ChainId.parseDataKey(CHAIN.rewrittenKey(42, 50, "0123456789abcdef0123", 7)))
                .contains(new ChainId.DataKey(CHAIN, 42, 50, 7));
        assertThat(ChainId.parseCommitKey(CHAIN.logFolder() + "notes.txt")).isEmpty();
        assertThat(ChainId.parseDataKey("data/notes.txt")).isEmpty();
    }

    @Test
    void aMoveIsReadWithItsRefAndItsNumber() {
        String key = Layout.refMove("prod", 12);
        assertThat(Layout.parseRef(key)).isEqualTo("prod");
        assertThat(Layout.parseJournalEntry(Layout.ref("prod"), key)).hasValue(12);
        assertThat(Layout.parseJournalEntry(Layout.ref("prod"), "refs/prod/notes.txt"))
                .isEmpty();
    }
}
