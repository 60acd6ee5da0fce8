package dev.precept.reward;

import dev.precept.records.Message;
import java.util.List;

/** An answer to be rewarded. It has no field for reasoning: what arrived with the answer is removed before. */
record RewardSample(List<Message> conversation, AnswerText answer, Label label) {
    RewardSample {
        conversation = List.copyOf(conversation);
    }
}
