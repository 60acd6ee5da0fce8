package dev.precept.judging;

import dev.precept.config.FileErrors;
import dev.precept.config.Section;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the file of a template of the user's own, which a recipe names. */
public final class TemplateFile {
    private static final long MAX_BYTES = 1 << 20;

    private TemplateFile() {}

    /** @return empty, with a problem of the recipe, if the file holds no template for the role */
    public static Optional<PromptTemplate> read(Section s, String key, PromptTemplate.Role role, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                s.addProblem(key, file + ": is larger than 1 MiB, which is no prompt");
                return Optional.empty();
            }
            return Optional.of(PromptTemplate.parse(role, Files.readString(file)));
        } catch (PromptTemplate.InvalidTemplateException e) {
            s.addProblem(key, file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            s.addProblem(key, file + ": there is no such file");
        } catch (CharacterCodingException e) {
            s.addProblem(key, file + ": is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            s.addProblem(key, file + ": cannot be read (" + FileErrors.describe(e) + ")");
        }
        return Optional.empty();
    }
}
