package dev.precept.dataset.template;

/** A chat template that cannot be used. The message is one line: file and line, what is wrong, what to do. */
public final class BrokenTemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenTemplateException(String problem) {
        super(problem);
    }
}
