package dev.precept.dataset.view;

import java.util.Locale;

/** The side of a prompt: what is trained on, and what training is measured with. */
public enum Split {
    TRAIN,
    VALIDATION;

    /** The name in files, manifest and card. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
