"""Anthropic's Messages API, natively: its layer for OpenAI's form ignores the schema."""

import json
from typing import Any

from digest.adapters.engines.answers import AnswerError, json_object
from digest.adapters.engines.chat import RefusedError
from digest.adapters.engines.prompts import Prompt
from digest.adapters.http_api import ApiRequest

_VERSION = "2023-06-01"
_MOST_TOKENS = 8192


class AnthropicMessages:
    """`base_url` is the part before `/v1/messages`, e.g. `https://api.anthropic.com`."""

    def __init__(self, *, base_url: str, model: str, key: str) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/messages"
        self._model = model
        self._key = key

    @property
    def name(self) -> str:
        """Engine and model."""
        return f"anthropic:{self._model}"

    def request(self, prompt: Prompt, *, strict: bool) -> ApiRequest:
        """Return the call."""
        body: dict[str, Any] = {
            "model": self._model,
            "max_tokens": _MOST_TOKENS,
            "system": prompt.system,
            "messages": [{"role": "user", "content": prompt.user}],
        }
        if strict:
            schema = {"type": "json_schema", "schema": prompt.schema}
            body |= {"temperature": 0, "output_config": {"format": schema}}
        headers = (("x-api-key", self._key), ("anthropic-version", _VERSION))
        return ApiRequest(url=self._url, headers=headers, body=json.dumps(body).encode())

    def text(self, body: bytes) -> str:
        """Return the text of the message. Raises AnswerError and RefusedError."""
        message = json_object(body.decode("utf-8", "replace"))
        if message.get("stop_reason") == "refusal":
            raise RefusedError
        if message.get("stop_reason") in {"max_tokens", "model_context_window_exceeded"}:
            raise AnswerError("it was cut off; it has to be shorter")
        content = message.get("content")
        blocks = content if isinstance(content, list) else []
        texts = [block.get("text") for block in blocks if isinstance(block, dict) and block.get("type") == "text"]
        found = "".join(text for text in texts if isinstance(text, str))
        if not found:
            raise AnswerError("it holds no text")
        return found
