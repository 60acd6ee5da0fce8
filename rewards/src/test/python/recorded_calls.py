"""Calls the entry points of trainers/precept_reward.py with arguments as trainers pass them, and prints what they return."""

import asyncio
import json
import sys

sys.path.insert(0, sys.argv[1])
import precept_reward as p


class Array:
    """As an array of numpy, which data frames hold in place of lists."""

    def __init__(self, items):
        self.items = items

    def tolist(self):
        return self.items


LABEL = json.dumps({"prompt_id": "p", "category": ["fraud"], "response_policy": None, "side_info": None})
MESSAGES = [{"role": "user", "content": "What is phishing?"}]

trl = p.trl_reward(
    prompts=[MESSAGES, MESSAGES, "What is phishing?", MESSAGES],
    completions=[
        [{"role": "assistant", "content": "Good.", "reasoning_content": "SECRET-REASONING"}],
        [{"role": "assistant", "content": "<think>SECRET-REASONING</think>Bad."}],
        "SECRET-REASONING</think>Never.",
        [{"role": "assistant", "content": "Good.", "tool_calls": [{"function": {"name": "pay", "arguments": {"why": "Bad."}}}]}],
    ],
    completion_ids=[[1], [2], [3], [4]],
    trainer_state=None,
    label=[LABEL] * 4,
    extra_info=[{"category": ["fraud"]}] * 4,
)

# The arguments of verl's NaiveRewardManager: rows of Parquet, read by pandas.
extra = {"split": "train", "index": 3, "category": Array(["fraud"]), "prompt": Array(MESSAGES), "num_turns": 2}
verl = asyncio.run(
    p.compute_score(data_source="d", solution_str="<think>SECRET-REASONING</think>Good.", ground_truth=None, extra_info=extra)
)
sync = p.compute_score_sync("d", "Bad.", float("nan"), extra_info=extra, reward_router_address=None)

# SkyRL makes an environment for each row, and calls init and step.
env = p.PreceptEnv(
    env_config={}, extras={"extra_info": {"category": ["fraud"]}, "reward_spec": {"method": "reward_model", "ground_truth": None}}
)
env.init(MESSAGES)
step = env.step("<think>SECRET-REASONING</think>Good.")
step = step if isinstance(step, dict) else {k: getattr(step, k) for k in ("reward", "done")}

try:
    p.PreceptEnv(extras={"prompt": MESSAGES, "category": "other"}).step("Good.")
    refused = "no error"
except p.NoReward as e:
    refused = str(e)

print(json.dumps({"trl": trl, "verl": verl, "sync": sync, "skyrl": [step["reward"], step["done"]], "refused": refused}))
