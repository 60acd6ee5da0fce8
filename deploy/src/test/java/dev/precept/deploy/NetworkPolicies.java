package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;
import static dev.precept.deploy.Manifest.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Evaluates the network policies of an overlay: a selected pod is isolated, and each policy allows more traffic. */
record NetworkPolicies(List<Manifest> policies) {
    static NetworkPolicies of(Overlay overlay) {
        return new NetworkPolicies(overlay.ofKind("NetworkPolicy").toList());
    }

    /** Whether pods with the first labels may connect to pods with the second ones in the same namespace. */
    boolean connects(Map<String, String> from, Map<String, String> to, int port) {
        return allows("Egress", "egress", "to", from, to, port) && allows("Ingress", "ingress", "from", to, from, port);
    }

    /** Whether pods with these labels may connect to a port of an address outside the cluster. */
    boolean reachesOutside(Map<String, String> from, int port) {
        return selecting("Egress", from)
                .flatMap(policy -> elements(policy.spec().path("egress")))
                .filter(rule -> hasPort(rule, port))
                .anyMatch(rule -> !rule.has("to") || elements(rule.path("to")).anyMatch(peer -> peer.has("ipBlock")));
    }

    /** Whether a policy selects pods with these labels, so that only allowed traffic passes. */
    boolean isolates(String direction, Map<String, String> labels) {
        return selecting(direction, labels).findAny().isPresent();
    }

    private boolean allows(
            String direction,
            String rules,
            String peers,
            Map<String, String> one,
            Map<String, String> other,
            int port) {
        return !isolates(direction, one)
                || selecting(direction, one)
                        .flatMap(policy -> elements(policy.spec().path(rules)))
                        .filter(rule -> hasPort(rule, port))
                        .anyMatch(rule -> !rule.has(peers)
                                || elements(rule.path(peers)).anyMatch(peer -> isSibling(peer, other)));
    }

    private static boolean isSibling(JsonNode peer, Map<String, String> labels) {
        return peer.has("podSelector")
                && !peer.has("namespaceSelector")
                && SelectorChecks.matches(peer.path("podSelector"), labels);
    }

    private static boolean hasPort(JsonNode rule, int port) {
        return !rule.has("ports")
                || elements(rule.path("ports"))
                        .anyMatch(one -> one.path("port").asInt() <= port
                                && port
                                        <= one.path("endPort")
                                                .asInt(one.path("port").asInt()));
    }

    private Stream<Manifest> selecting(String direction, Map<String, String> labels) {
        return policies.stream()
                .filter(policy -> texts(policy.spec().path("policyTypes")).contains(direction))
                .filter(policy -> SelectorChecks.matches(policy.spec().path("podSelector"), labels));
    }
}
