package dev.precept.console;

import dev.precept.config.ConfigurationException;
import dev.precept.console.api.ConsoleToken;
import dev.precept.runtime.http.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * How the console listens.
 *
 * @param bind address of an interface
 * @param port 0 for any free one
 * @param readOnly whether operations that change something are refused
 */
public record ConsoleSettings(
        String bind, int port, Optional<TlsFiles> tls, Optional<ConsoleToken> token, boolean readOnly) {
    /** @throws ConfigurationException if others than this machine reach it without a token, or the address is none */
    public ConsoleSettings {
        if (!isLoopback(bind) && token.isEmpty()) {
            throw new ConfigurationException("--bind " + bind + ": other machines reach it, so a token is required;"
                    + " give --token-file FILE, or set " + ConsoleToken.VARIABLE);
        }
    }

    /** Whether only this machine reaches the console. */
    public boolean isLoopback() {
        return isLoopback(bind);
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigurationException("--bind " + bind + ": is no address of a network interface");
        }
    }
}
