package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of the loader are found among the paths and attempts of its message. */
class NativeLibrariesTest {
    @ParameterizedTest
    @CsvSource({
        "'/tmp/z.so: /tmp/z.so: failed to map segment from shared object\nno zstd in java.library.path: /lib',"
                + " failed to map segment from shared object",
        "'Cannot unpack libzstd-jni-1.5.7-6: No such file or directory', No such file or directory",
        "Unsupported OS/arch, Unsupported OS/arch"
    })
    void theReasonIsInOneLine(String message, String reason) {
        assertThat(NativeLibraries.reason(new UnsatisfiedLinkError(message))).isEqualTo(reason);
    }

    @Test
    void anOrdinaryTemporaryFolderIsFit() {
        assertThatCode(NativeLibraries::requireLoadable).doesNotThrowAnyException();
    }
}
