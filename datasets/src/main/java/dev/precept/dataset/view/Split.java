package dev.precept.dataset.view;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The training or the validation part of a version. */
public enum Split {
    TRAIN,
    VALIDATION;

    /** The split with this name. */
    public static Optional<Split> byLabel(String label) {
        return Arrays.stream(values())
                .filter(split -> split.label().equals(label))
                .findFirst();
    }

    /** The name in files, manifest and card. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
