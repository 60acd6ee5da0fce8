package dev.precept.console.specs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiReply;
import dev.precept.console.api.ApiRequest;
import dev.precept.console.api.Route;
import dev.precept.runtime.http.WebReply;
import dev.precept.spec.Clause;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The specifications of a dataset. */
public final class SpecificationRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of a clause: what its label says an answer should do. */
    private static final String STYLE = "style";

    private final Specifications specifications;
    private final ClauseCounts.Counter counter;

    private SpecificationRoutes(Specifications specifications, ClauseCounts.Counter counter) {
        this.specifications = specifications;
        this.counter = counter;
    }

    public static List<Route> of(Specifications specifications, ClauseCounts.Counter counter) {
        SpecificationRoutes routes = new SpecificationRoutes(specifications, counter);
        return List.of(
                Route.get("/api/specs", routes::list),
                Route.get("/api/specs/{version}", routes::one),
                Route.get("/api/specs-diff", routes::difference));
    }

    private WebReply list(ApiRequest request) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode versions = json.putArray("versions");
        for (Specification each : specifications.all()) {
            versions.addObject()
                    .put("version", each.version())
                    .put("name", each.name())
                    .put("clauses", each.clauses().size());
        }
        return ApiReply.json(json);
    }

    private WebReply one(ApiRequest request) throws ApiException, IOException, InterruptedException {
        Specification specification = specifications.require(request.segment("version"));
        Optional<ClauseCounts> counts = counter.count(specification.version());
        ObjectNode json = JSON.createObjectNode();
        json.put("version", specification.version()).put("name", specification.name());
        json.put("false_citations", counts.map(ClauseCounts::falseCitations).orElse(null));
        ArrayNode clauses = json.putArray("clauses");
        for (Clause clause : specification.clauses()) {
            ObjectNode each = describe(clauses.addObject(), clause);
            each.put("action", clause.attributes().get(STYLE));
            each.put("text", clause.text());
            Optional<Long> cited = counts.map(known -> known.cited().getOrDefault(clause.id(), 0L));
            Optional<Long> kept = counts.map(known -> known.kept().getOrDefault(clause.id(), 0L));
            each.put("cited", cited.orElse(null));
            each.put("kept", kept.orElse(null));
            each.put("rejected", cited.isPresent() ? Long.valueOf(cited.get() - kept.orElse(0L)) : null);
        }
        return ApiReply.json(json);
    }

    private static ObjectNode describe(ObjectNode json, Clause clause) {
        return json.put("id", clause.id()).put("heading", clause.heading()).put("level", clause.level());
    }

    private WebReply difference(ApiRequest request) throws ApiException, IOException, InterruptedException {
        Specification from = specifications.require(request.require("from"));
        Specification to = specifications.require(request.require("to"));
        Optional<ClauseCounts> counts = counter.count(from.version());
        ObjectNode json = JSON.createObjectNode().put("from", from.version()).put("to", to.version());
        ArrayNode added = json.putArray("added");
        ArrayNode changed = json.putArray("changed");
        ArrayNode removed = json.putArray("removed");
        Set<String> touched = new HashSet<>();
        for (Clause clause : to.clauses()) {
            Optional<Clause> before = from.clause(clause.id());
            if (before.isEmpty()) {
                describe(added.addObject(), clause).put("text", clause.text());
            } else if (!before.get().sha256().equals(clause.sha256())) {
                touched.add(clause.id());
                ObjectNode one = describe(changed.addObject(), clause).put("samples", keptCiting(counts, clause));
                one.put("text", clause.text());
                ArrayNode parts = one.putArray("parts");
                WordDiff.between(before.get().text(), clause.text())
                        .forEach(part -> parts.addObject()
                                .put("kind", part.kind().name().toLowerCase(Locale.ROOT))
                                .put("text", part.text()));
            }
        }
        for (Clause clause : from.clauses()) {
            if (to.clause(clause.id()).isEmpty()) {
                touched.add(clause.id());
                describe(removed.addObject(), clause)
                        .put("samples", keptCiting(counts, clause))
                        .put("text", clause.text());
            }
        }
        json.put("samples", counts.map(known -> known.keptCiting(touched)).orElse(null));
        return ApiReply.json(json);
    }

    /** Null while rows are still being read. */
    private static @Nullable Long keptCiting(Optional<ClauseCounts> counts, Clause clause) {
        return counts.map(known -> known.kept().getOrDefault(clause.id(), 0L)).orElse(null);
    }
}
