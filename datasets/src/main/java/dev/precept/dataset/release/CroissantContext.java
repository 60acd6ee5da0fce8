package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;

/** The JSON-LD context of Croissant 1.1, appendix 1 of its specification, and the prefix of PROV-O. */
final class CroissantContext {
    private static final String NAMESPACE = "cr:";

    private static final List<String> TERMS = List.of(
            "annotation",
            "arrayShape",
            "citeAs",
            "column",
            "containedIn",
            "equivalentProperty",
            "excludes",
            "extract",
            "field",
            "fileObject",
            "fileProperty",
            "fileSet",
            "format",
            "includes",
            "isArray",
            "isLiveDataset",
            "jsonPath",
            "key",
            "md5",
            "parentField",
            "readLines",
            "recordSet",
            "references",
            "regex",
            "sdVersion",
            "separator",
            "source",
            "subField",
            "transform",
            "unArchive",
            "value");

    private CroissantContext() {}

    static ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("@language", "en");
        json.put("@vocab", "http://schema.org/");
        json.put("sc", "http://schema.org/");
        json.put("cr", "http://mlcommons.org/croissant/");
        json.put("rai", "http://mlcommons.org/croissant/RAI/");
        json.put("dct", "http://purl.org/dc/terms/");
        json.put("prov", "http://www.w3.org/ns/prov#");
        json.put("conformsTo", "dct:conformsTo");
        json.putObject("data").put("@id", "cr:data").put("@type", "@json");
        json.putObject("dataType").put("@id", "cr:dataType").put("@type", "@vocab");
        json.putObject("examples").put("@id", "cr:examples").put("@type", "@json");
        new TreeSet<>(TERMS).forEach(term -> json.put(term, NAMESPACE + term));
        return json;
    }
}
