package dev.precept.dataset.view;

import java.util.Locale;

/** The training or the validation part of a version. */
public enum Split {
    TRAIN,
    VALIDATION;

    /** The name in files, manifest and card. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
