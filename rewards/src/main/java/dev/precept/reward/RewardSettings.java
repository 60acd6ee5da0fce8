package dev.precept.reward;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.judging.PromptTemplate;
import dev.precept.judging.TemplateFile;
import dev.precept.runtime.http.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Section {@code reward} of a recipe.
 *
 * @param deadline of the answers of one request
 * @param maxBody bytes
 * @param maxPending votes that are being obtained at a time
 * @param template of the user's own for answers alone
 */
public record RewardSettings(
        int port,
        String bind,
        Optional<Path> tokenFile,
        Optional<TlsFiles> tls,
        Duration deadline,
        int maxBody,
        int maxPending,
        Optional<PromptTemplate> template) {
    private static final int DEFAULT_PORT = 8090;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Reads the section and adds its problems to the recipe. */
    public static RewardSettings read(Recipe recipe) {
        Section s = recipe.section("reward");
        int port = s.integer("port", DEFAULT_PORT, 0, 65_535, "port of 'precept reward', 0 for any free one");
        String bind = bind(s);
        Optional<Path> token = s.path(
                "token_file",
                "file with the token that requests must bring; PRECEPT_REWARD_TOKEN in the environment is the same");
        Duration deadline = s.duration(
                "deadline",
                Duration.ofSeconds(100),
                "how long the answers of one request may take; then 503, and the votes go on for a repeated request. Trainers"
                        + " give up after 110 s or more");
        if (deadline.compareTo(LONGEST) > 0) {
            s.addProblem("deadline", "is longer than 10m, and no trainer waits that long");
        }
        Section tls = recipe.section("reward.tls");
        Optional<Path> certificate = tls.path("certificate", "PEM file with the server's certificate and its chain");
        Optional<Path> key = tls.path("key", "PEM file with the key of the certificate, in PKCS 8");
        if (certificate.isPresent() != key.isPresent()) {
            tls.addProblem(key.isPresent() ? "certificate" : "key", "is missing; name both, or none");
        }
        return new RewardSettings(
                port,
                bind,
                token,
                certificate.flatMap(chain -> key.map(secret -> new TlsFiles(chain, secret))),
                deadline,
                s.integer(
                        "max_body",
                        16 << 20,
                        1 << 10,
                        1 << 30,
                        "longest body of a request, in bytes; a longer one gets 413"),
                s.integer(
                        "max_pending",
                        16_384,
                        1,
                        1_000_000,
                        "limit of votes that are waited for at a time; beyond it requests get 503 at once"),
                s.path(
                                "template",
                                "file of your own prompt for a judge that sees no reasoning; 'precept template"
                                        + " judge-answer' prints one to begin from")
                        .flatMap(file -> TemplateFile.read(s, "template", PromptTemplate.Role.JUDGE_ANSWER, file)));
    }

    private static String bind(Section s) {
        String bind = s.text(
                "bind",
                "127.0.0.1",
                "address that 'precept reward' listens on; one that other machines reach needs a token and reward.tls");
        try {
            InetAddress _ = InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            s.addProblem("bind", "'" + bind + "' is no address of a network interface");
        }
        return bind;
    }

    /** @throws ConfigurationException if other machines reach the service without a token, or without encryption */
    void requireProtected(boolean hasToken) {
        if (isLoopback()) {
            return;
        }
        if (!hasToken) {
            throw new ConfigurationException("reward.bind: other machines reach " + bind
                    + ", and there is no token; set reward.token_file or PRECEPT_REWARD_TOKEN");
        }
        if (tls.isEmpty()) {
            throw new ConfigurationException(
                    "reward.bind: other machines reach " + bind
                            + ", and the token would be sent without encryption; set reward.tls.certificate and reward.tls.key");
        }
    }

    /** Whether only this machine reaches the service. */
    private boolean isLoopback() {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
