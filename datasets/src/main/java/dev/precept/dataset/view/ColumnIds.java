package dev.precept.dataset.view;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The {@code field_id} of every column of a release, by its dotted path. Table formats find columns by id: an id is never
 * changed and never given to another column; a new column gets the next number.
 */
final class ColumnIds {
    private static final String LINES = """
            1 sample_id
            2 prompt_id
            3 slot
            4 messages
            5 messages.element
            6 messages.element.role
            7 messages.element.content
            8 messages.element.reasoning_content
            9 messages.element.tool_calls
            10 messages.element.tool_call_id
            11 messages.element.name
            12 tools
            13 category
            14 category.element
            15 spec_version
            16 spec_excerpt_sha256
            17 cited_clauses
            18 cited_clauses.element
            19 judge_min
            20 generator_model
            21 run_id
            22 prompt
            23 prompt.element
            24 prompt.element.role
            25 prompt.element.content
            26 prompt.element.reasoning_content
            27 prompt.element.tool_calls
            28 prompt.element.tool_call_id
            29 prompt.element.name
            30 chosen
            31 chosen.element
            32 chosen.element.role
            33 chosen.element.content
            34 chosen.element.reasoning_content
            35 chosen.element.tool_calls
            36 chosen.element.tool_call_id
            37 chosen.element.name
            38 rejected
            39 rejected.element
            40 rejected.element.role
            41 rejected.element.content
            42 rejected.element.reasoning_content
            43 rejected.element.tool_calls
            44 rejected.element.tool_call_id
            45 rejected.element.name
            46 score_chosen
            47 score_rejected
            48 slot_chosen
            49 attempt_chosen
            50 slot_rejected
            51 attempt_rejected
            52 data_source
            53 ability
            54 reward_model
            55 reward_model.style
            56 reward_model.ground_truth
            57 extra_info
            58 extra_info.split
            59 extra_info.index
            60 extra_info.prompt_id
            61 extra_info.category
            62 extra_info.category.element
            63 extra_info.spec_version
            64 extra_info.spec_excerpt_sha256
            65 attempt
            66 reasoning
            67 answer
            68 response_style
            69 judge
            70 judge.element
            71 judge.element.vote
            72 judge.element.calls
            73 judge.element.score
            74 judge.element.criteria
            75 judge.element.criteria.element
            76 judge.element.criteria.element.name
            77 judge.element.criteria.element.score
            78 judge.element.agree
            79 judge.element.response_style
            80 judge.element.reason
            81 judge.element.model
            82 judge.element.endpoint
            83 judge.element.template
            84 judge.element.seed
            85 judge.element.usage
            86 judge.element.usage.prompt_tokens
            87 judge.element.usage.completion_tokens
            88 judge.element.usage.reasoning_tokens
            89 side_info
            90 generator
            91 generator.model
            92 generator.endpoint
            93 generator.template
            94 generator.params
            95 generator.seed
            96 generator.finish_reason
            97 generator.usage
            98 generator.usage.prompt_tokens
            99 generator.usage.completion_tokens
            100 generator.usage.reasoning_tokens
            101 generator.cost_usd
            102 generator.attempts
            103 dedup
            104 dedup.content_hash
            105 dedup.bands
            106 dedup.bands.element
            107 dedup.seq
            108 dedup.seq.offset
            109 dedup.seq.partition
            110 dedup.seq.slot
            111 source
            112 source.uri
            113 source.id
            114 source.line
            115 source.name
            116 source.license
            117 created_at
            118 reason
            119 duplicate_of
            120 withdrawal
            121 generator.system_fingerprint
            122 judge.element.system_fingerprint
            123 findings
            124 findings.detector
            125 findings.leaks
            126 findings.leaks.element
            127 findings.leaks.element.kind
            128 findings.leaks.element.part
            129 findings.leaks.element.count
            130 findings.unknown_clauses
            131 findings.unknown_clauses.element
            132 tools.element
            133 messages.element.thinking
            134 completion
            135 completion.element
            136 completion.element.role
            137 completion.element.content
            138 completion.element.reasoning_content
            139 margin
            140 datasource
            141 env_class
            142 reward_spec
            143 reward_spec.method
            144 reward_spec.ground_truth
            145 label
            146 extra_info.spec_excerpt
            """;

    static final Map<String, Integer> TABLE = LINES.lines()
            .map(line -> line.split(" ", 2))
            .collect(Collectors.toUnmodifiableMap(line -> line[1], line -> Integer.parseInt(line[0])));

    private ColumnIds() {}
}
