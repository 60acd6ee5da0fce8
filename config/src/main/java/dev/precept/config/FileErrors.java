package dev.precept.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Describes file errors for messages to the operator. The caller adds the path. */
public final class FileErrors {
    private FileErrors() {}

    /** A short description without the exception class; never empty. */
    public static String describe(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a file of this name exists";
            case NotDirectoryException _ -> "it is not a folder";
            case FileSystemException system when system.getReason() != null -> uncapitalized(system.getReason());
            case IOException io when io.getMessage() != null -> uncapitalized(io.getMessage());
            default -> String.valueOf(e);
        };
    }

    /** Whether a disk or a quota is full: another attempt may succeed. */
    public static boolean isDiskFull(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            String text = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("no space left") || text.contains("quota exceeded")) {
                return true;
            }
        }
        return false;
    }

    /** Lower-cases the first letter, except of an acronym. */
    private static String uncapitalized(String text) {
        boolean acronym = text.length() > 1 && Character.isUpperCase(text.charAt(1));
        return text.isEmpty() || acronym ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
