"""Rewards from `precept reward` for TRL, verl and SkyRL. One file, standard library only.

TRL      --reward_funcs precept_reward.trl_reward           (GRPOTrainer(reward_funcs=trl_reward))
verl     custom_reward_function.path=precept_reward.py custom_reward_function.name=compute_score
SkyRL    skyrl_gym.envs.register(id="precept", entry_point="precept_reward:PreceptEnv")

The columns of the view `rl` of a dataset are what these functions need. slime and OpenRLHF call the service themselves.

PRECEPT_REWARD_URL      default http://127.0.0.1:8090
PRECEPT_REWARD_TOKEN    the token of the service, where it has one
PRECEPT_REWARD_CA       PEM file of the authority of its certificate, where it is not a public one
PRECEPT_REWARD_PATIENCE seconds until a reward that does not come is given up, default 600
PRECEPT_REWARD_PARALLEL requests of one batch at a time, default 64

There is no reward where there is no honest score: TRL gets None for the sample and leaves it out, verl and SkyRL get an
exception. A call that failed is never a 0.
"""

import asyncio
import json
import os
import ssl
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

_LABEL = ("category", "categories", "spec_version", "spec_excerpt_sha256", "side_info", "label")


class NoReward(RuntimeError):
    """The service gave no reward in time, or refuses the request."""


def _setting(name, preset):
    return os.environ.get("PRECEPT_REWARD_" + name, preset)


def _plain(value):
    """Values of data frames as JSON has them: arrays as lists, missing values as null."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if type(value).__name__ in ("NAType", "NaTType") else str(value)


def _context():
    authority = _setting("CA", "")
    return ssl.create_default_context(cafile=authority) if authority else None


def _post(route, body):
    """The reply as JSON. Repeats a request while the service has no score, at most for the patience."""
    url = _setting("URL", "http://127.0.0.1:8090").rstrip("/") + route
    data = json.dumps(body, ensure_ascii=True).encode()
    headers = {"Content-Type": "application/json"}
    token = _setting("TOKEN", "")
    if token:
        headers["Authorization"] = "Bearer " + token
    end = time.monotonic() + float(_setting("PATIENCE", "600"))
    why = ""
    while True:
        wait = 2.0
        try:
            request = urllib.request.Request(url, data=data, headers=headers)
            with urllib.request.urlopen(request, timeout=max(1.0, end - time.monotonic()), context=_context()) as reply:
                return json.loads(reply.read())
        except urllib.error.HTTPError as e:
            why = "%s: status %d: %s" % (url, e.code, e.read(2000).decode("utf-8", "replace"))
            if e.code not in (429, 502, 503, 504):
                raise NoReward(why) from None
            wait = _seconds(e.headers.get("Retry-After"), wait)
        except (OSError, ValueError) as e:  # not reached, cut off, or no JSON
            why = "%s: %s" % (url, e)
        if time.monotonic() + wait >= end:
            raise NoReward("no reward within the patience; the last reply of " + why)
        time.sleep(wait)


def _seconds(header, preset):
    try:
        return min(60.0, max(0.1, float(header)))
    except (TypeError, ValueError):
        return preset


def _answer(completion):
    """What the model said: a text, or the content of the messages that it wrote. Reasoning of its own field is left out."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, dict):
        completion = [completion]
    said = [m.get("content") for m in _plain(completion) if m.get("role", "assistant") == "assistant"]
    texts = []
    for content in said:
        if isinstance(content, str):
            texts.append(content)
        elif isinstance(content, list):
            texts.extend(part.get("text", "") for part in content if part.get("type") in ("text", "output_text"))
    return "\n".join(texts)


def _message(completion):
    """As _answer, with the calls of tools where there are any: they are judged too."""
    turns = completion if isinstance(completion, (list, tuple)) else [completion]
    said = [m for m in turns if isinstance(m, dict) and m.get("role", "assistant") == "assistant"]
    calls = [call for m in said for call in _plain(m.get("tool_calls")) or []]
    answer = _answer(completion)
    return {"role": "assistant", "content": answer, "tool_calls": calls} if calls else answer


def _score(prompt, answer, extra):
    reward = _post("/reward", dict(extra, prompt=prompt, answer=answer)).get("reward")
    if isinstance(reward, bool) or not isinstance(reward, (int, float)):
        raise NoReward("the service replied without a reward")
    return float(reward)


def trl_reward(prompts, completions, **columns):
    """A reward function of TRL's GRPO: a list of floats, None where there is no honest score."""
    count = len(completions)
    extras = [{} for _ in range(count)]
    for name in _LABEL + ("extra_info",):
        values = columns.get(name)
        if values is None:
            continue
        for extra, value in zip(extras, values):
            value = _plain(value)
            if name == "extra_info" and isinstance(value, dict):
                for key in _LABEL:
                    if value.get(key) is not None:
                        extra.setdefault(key, value[key])
            elif value is not None:
                extra[name] = value

    def one(n):
        try:
            return _score(_plain(prompts[n]), _message(completions[n]), extras[n])
        except NoReward as e:
            print("precept_reward: no reward for a sample: %s" % e, flush=True)
            return None

    with ThreadPoolExecutor(max_workers=max(1, min(count, int(_setting("PARALLEL", "64"))))) as pool:
        return list(pool.map(one, range(count)))


trl_reward.__name__ = "precept"


async def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """verl's custom reward function. `extra_info` must hold the prompt: verl passes none."""
    body = {
        "data_source": _plain(data_source),
        "solution_str": _answer(solution_str),
        "ground_truth": _plain(ground_truth),
        "extra_info": _plain(extra_info),
    }
    score = (await asyncio.to_thread(_post, "/score", body)).get("score")
    if isinstance(score, bool) or not isinstance(score, (int, float)):
        raise NoReward("the service replied without a score")
    return {"score": float(score)}


def compute_score_sync(data_source, solution_str, ground_truth, extra_info=None, **rest):
    """As compute_score, for a version of verl that calls it without awaiting it."""
    return asyncio.run(compute_score(data_source, solution_str, ground_truth, extra_info, **rest))


try:
    from skyrl_gym.envs.base_text_env import BaseTextEnv as _Env
    from skyrl_gym.envs.base_text_env import BaseTextEnvStepOutput as _Step
except ImportError:  # without SkyRL the other functions work

    class _Env:
        def __init__(self):
            pass

    def _Step(**fields):
        return dict(fields)


class PreceptEnv(_Env):
    """An environment of SkyRL with one turn: the answer is its last action, and the judge gives the reward."""

    def __init__(self, env_config=None, extras=None):
        super().__init__()
        extras = _plain(extras) if extras else {}
        info = extras.get("extra_info") if isinstance(extras.get("extra_info"), dict) else {}
        self._extra = {k: v for k in _LABEL for v in (extras.get(k, info.get(k)),) if v is not None}
        spec = extras.get("reward_spec") or extras.get("reward_model") or {}
        if spec.get("ground_truth") and "side_info" not in self._extra:
            self._extra["side_info"] = spec["ground_truth"]
        self._prompt = extras.get("prompt") or info.get("prompt")

    def init(self, prompt):
        self._prompt = _plain(prompt)
        return prompt, {}

    def step(self, action):
        if not self._prompt:
            raise NoReward("the environment has no prompt: neither init nor the row gave one")
        reward = _score(self._prompt, _message(action), self._extra)
        return _Step(observations=[], reward=reward, done=True, metadata={})
