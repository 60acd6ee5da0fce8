package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;
import static dev.precept.deploy.Manifest.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the policies of an overlay let through; as the cluster reads them: closed once selected, open where one allows it. */
record NetworkPolicies(List<Manifest> policies) {
    static NetworkPolicies of(Overlay overlay) {
        return new NetworkPolicies(overlay.ofKind("NetworkPolicy").toList());
    }

    /** Whether pods with these labels may open a connection to pods with those, in the same namespace. */
    boolean connects(Map<String, String> from, Map<String, String> to, int port) {
        return open("Egress", "egress", "to", from, to, port) && open("Ingress", "ingress", "from", to, from, port);
    }

    /** Whether pods with these labels may send to that port of an address outside of the cluster. */
    boolean leaves(Map<String, String> from, int port) {
        return selecting("Egress", from)
                .flatMap(policy -> elements(policy.spec().path("egress")))
                .filter(rule -> hasPort(rule, port))
                .anyMatch(rule -> !rule.has("to") || elements(rule.path("to")).anyMatch(peer -> peer.has("ipBlock")));
    }

    /** Whether nothing is open to pods with these labels but what a policy names. */
    boolean closed(String direction, Map<String, String> labels) {
        return selecting(direction, labels).findAny().isPresent();
    }

    private boolean open(
            String direction,
            String rules,
            String peers,
            Map<String, String> one,
            Map<String, String> other,
            int port) {
        return !closed(direction, one)
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
