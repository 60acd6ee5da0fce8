package dev.precept.benchmarks.rows;

import dev.precept.records.Generator;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample as a plain record with the same columns, for a writer without Avro. */
record PlainSample(
        String sample_id,
        String run_id,
        String prompt_id,
        int slot,
        int attempt,
        List<Turn> messages,
        @Nullable String tools,
        String reasoning,
        String answer,
        List<String> category,
        @Nullable String response_style,
        String spec_version,
        String spec_excerpt_sha256,
        List<String> cited_clauses,
        List<JudgeScore> judge,
        double judge_min,
        @Nullable String side_info,
        Generation generator,
        LedgerPosition dedup,
        Origin source,
        Instant created_at) {

    record Turn(
            String role, @Nullable String content, @Nullable String reasoning_content) {}

    record Tokens(long prompt_tokens, long completion_tokens, long reasoning_tokens) {
        static Tokens of(Usage usage) {
            return new Tokens(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getReasoningTokens());
        }
    }

    record JudgeScore(
            int vote,
            int calls,
            double score,
            Map<String, Double> criteria,
            String reason,
            String model,
            String endpoint,
            String template,
            long seed,
            Tokens usage) {
        static JudgeScore of(Vote vote) {
            return new JudgeScore(
                    vote.getVote(),
                    vote.getCalls(),
                    vote.getScore(),
                    vote.getCriteria(),
                    vote.getReason(),
                    vote.getModel(),
                    vote.getEndpoint(),
                    vote.getTemplate(),
                    vote.getSeed(),
                    Tokens.of(vote.getUsage()));
        }
    }

    record Generation(
            String model,
            String endpoint,
            String template,
            String params,
            long seed,
            String finish_reason,
            Tokens usage,
            int attempts) {
        static Generation of(Generator maker) {
            return new Generation(
                    maker.getModel(),
                    maker.getEndpoint(),
                    maker.getTemplate(),
                    maker.getParams(),
                    maker.getSeed(),
                    maker.getFinishReason(),
                    Tokens.of(maker.getUsage()),
                    maker.getAttempts());
        }
    }

    record LedgerPosition(String content_hash, List<Long> bands, long offset, int partition, int slot) {}

    record Origin(String uri, String id, long line) {}

    static PlainSample of(Sample row) {
        return new PlainSample(
                row.getSampleId(),
                row.getRunId(),
                row.getPromptId(),
                row.getSlot(),
                row.getAttempt(),
                row.getMessages().stream().map(PlainSample::turn).toList(),
                row.getTools(),
                row.getReasoning(),
                row.getAnswer(),
                row.getCategory(),
                String.valueOf(row.getResponseStyle()),
                row.getSpecVersion(),
                row.getSpecExcerptSha256(),
                row.getCitedClauses(),
                row.getJudge().stream().map(JudgeScore::of).toList(),
                row.getJudgeMin(),
                row.getSideInfo(),
                Generation.of(row.getGenerator()),
                new LedgerPosition(
                        row.getDedup().getContentHash(),
                        row.getDedup().getBands(),
                        row.getDedup().getSeq().getOffset(),
                        row.getDedup().getSeq().getPartition(),
                        row.getDedup().getSeq().getSlot()),
                new Origin(
                        row.getSource().getUri(),
                        row.getSource().getId(),
                        row.getSource().getLine()),
                row.getCreatedAt());
    }

    private static Turn turn(Message message) {
        return new Turn(message.getRole(), message.getContent(), message.getReasoningContent());
    }
}
