"""One step of TRL's GRPO with a tiny model of random weights, whose answers precept_reward has rewarded."""

import json
import sys

sys.path.insert(0, sys.argv[1])
from datasets import Dataset
from precept_reward import trl_reward
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer

QUESTIONS = ["What is phishing?", "How is fraud noticed?", "Is this a scam?", "Why does it matter?"]
END, PAD = "<|im_end|>", "<|endoftext|>"
bytes_of_text = Tokenizer(models.BPE())
bytes_of_text.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bytes_of_text.decoder = decoders.ByteLevel()
bytes_of_text.train_from_iterator(
    QUESTIONS,
    trainers.BpeTrainer(
        vocab_size=300, special_tokens=[PAD, "<|im_start|>", END], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    ),
)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=bytes_of_text, eos_token=END, pad_token=PAD)
tokenizer.chat_template = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
model = Qwen2ForCausalLM(
    Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
)
label = json.dumps({"category": ["fraud"]})
rows = Dataset.from_list([{"prompt": [{"role": "user", "content": q}], "label": label} for q in QUESTIONS])
seen = []


def precept(prompts, completions, **columns):
    rewards = trl_reward(prompts, completions, **columns)
    seen.extend(rewards)
    return rewards


trainer = GRPOTrainer(
    model=model,
    processing_class=tokenizer,
    reward_funcs=precept,
    train_dataset=rows,
    args=GRPOConfig(
        output_dir=sys.argv[2],
        per_device_train_batch_size=4,
        num_generations=4,
        max_completion_length=8,
        max_steps=1,
        report_to=[],
        save_strategy="no",
        use_cpu=True,
        bf16=False,
        disable_tqdm=True,
    ),
)
trainer.train()
print(json.dumps({"steps": trainer.state.global_step, "rewards": seen}))
