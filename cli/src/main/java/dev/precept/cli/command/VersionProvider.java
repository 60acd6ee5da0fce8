package dev.precept.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version and commit of this build, written by the build; {@code unknown} where it had no Git repository. */
final class VersionProvider implements IVersionProvider {
    private static final String FILE = "/dev/precept/cli/build.properties";
    private static final int SHORT_COMMIT = 12;

    @Override
    public String[] getVersion() {
        return new String[] {"precept " + read("version") + " (commit " + commit() + ")"};
    }

    private static String commit() {
        String commit = read("commit");
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
    }

    private static String read(String key) {
        try (InputStream in = VersionProvider.class.getResourceAsStream(FILE)) {
            if (in == null) {
                return "unknown";
            }
            Properties properties = new Properties();
            properties.load(in);
            String value = properties.getProperty(key, "unknown");
            return value.startsWith("$") ? "unknown" : value; // classes that Maven did not build
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }
}
