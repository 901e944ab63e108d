"""Any service that speaks OpenAI's chat completions: OpenAI, Mistral, Gemini, OpenRouter, Ollama, vLLM."""

import json
from typing import Any

from digest.adapters.engines.answers import AnswerError, json_object
from digest.adapters.engines.chat import RefusedError
from digest.adapters.engines.prompts import Prompt
from digest.adapters.http_api import ApiRequest


class OpenAiChat:
    """`base_url` is the part before `/chat/completions`, e.g. `https://api.openai.com/v1`; the key may be empty."""

    def __init__(self, *, base_url: str, model: str, key: str) -> None:
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key

    @property
    def name(self) -> str:
        """Engine and model."""
        return f"openai_chat:{self._model}"

    def request(self, prompt: Prompt, *, strict: bool) -> ApiRequest:
        """Return the call."""
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
        }
        if strict:
            schema = {"name": "answer", "strict": True, "schema": prompt.schema}
            body |= {"temperature": 0, "response_format": {"type": "json_schema", "json_schema": schema}}
        headers = (("Authorization", f"Bearer {self._key}"),) if self._key else ()
        return ApiRequest(url=self._url, headers=headers, body=json.dumps(body).encode())

    def text(self, body: bytes) -> str:
        """Return the text of the first choice. Raises AnswerError and RefusedError."""
        choices = json_object(body.decode("utf-8", "replace")).get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = choice.get("message") if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(message, dict):
            raise AnswerError("it is not a chat completion")
        if message.get("refusal") or choice.get("finish_reason") == "content_filter":
            raise RefusedError
        if choice.get("finish_reason") == "length":
            raise AnswerError("it was cut off; it has to be shorter")
        content = message.get("content")
        if not isinstance(content, str):
            raise AnswerError("it holds no text")
        return content
