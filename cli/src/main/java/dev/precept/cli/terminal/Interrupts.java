package dev.precept.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reports each Ctrl-C of the terminal. A shutdown hook sees only the first. The JDK has no public API for signals: {@code
 * sun.misc.Signal} is used by name, because a direct use is a warning of the compiler. Where it is missing, the JDK's own
 * handling remains, and the first Ctrl-C starts the shutdown hooks.
 */
public final class Interrupts {
    private Interrupts() {}

    /** Called on a thread of its own. */
    public interface Listener {
        /** @param count 1 for the first Ctrl-C */
        void interrupted(int count);
    }

    /** Replaces the JDK's handling of Ctrl-C until the process ends. */
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
    public static void listen(Listener listener) {
        AtomicInteger count = new AtomicInteger();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onSignal = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    listener.interrupted(count.incrementAndGet());
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "interrupts";
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal);
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ReflectiveOperationException e) {
            return; // the shutdown hook answers the first Ctrl-C
        }
    }
}
