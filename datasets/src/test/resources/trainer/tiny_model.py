"""Saves a small random model whose tokenizer has a chat template of TRL: tiny_model.py FOLDER TEMPLATE TEXT..."""

import os
import sys

import torch
import trl
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

folder, template, *texts = sys.argv[1:]
bpe = Tokenizer(models.BPE())
bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bpe.decoder = decoders.ByteLevel()
special = ["<|pad|>", "<|im_end|>", "<|im_start|>", "<think>", "</think>"]
alphabet = pre_tokenizers.ByteLevel.alphabet()
trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
bpe.train_from_iterator(texts, trainer)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<|im_end|>", pad_token="<|pad|>")
with open(os.path.join(os.path.dirname(trl.__file__), "chat_templates", template)) as file:
    tokenizer.chat_template = file.read()
torch.manual_seed(7)
config = Qwen3Config(
    vocab_size=len(tokenizer),
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=1,
    num_attention_heads=2,
    num_key_value_heads=1,
    head_dim=16,
    bos_token_id=None,
    eos_token_id=tokenizer.eos_token_id,
    pad_token_id=tokenizer.pad_token_id,
)
model = Qwen3ForCausalLM(config)
model.generation_config.max_new_tokens = 16
model.save_pretrained(folder)
tokenizer.save_pretrained(folder)
print("saved")
