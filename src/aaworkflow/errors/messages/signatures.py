"""Messages of the room `signatures` and of signers."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "key_not_held": ("no key of {signer} is held here", "此处没有 {signer} 的密钥"),
    "key_of_another": (
        "key {key_id} is {owner}'s, not {signer}'s",
        "密钥 {key_id} 属于 {owner},而不是 {signer}",
    ),
    "key_out_of_time": ("key {key_id} was not valid at {at}", "密钥 {key_id} 在 {at} 时无效"),
    "key_unknown": ("key {key_id} is not known", "密钥 {key_id} 未知"),
    "key_unreadable": ("{path} holds no readable key: {detail}", "{path} 中没有可读的密钥:{detail}"),
    "algorithm_unknown": ("signatures by {algorithm} are not understood", "不支持签名算法 {algorithm}"),
    "signature_before_version": (
        "it was signed at {at}, before the version was written at {written}",
        "签字时间 {at} 早于该版本形成时间 {written}",
    ),
    "signature_forged": ("the signature of {signer} is not genuine", "{signer} 的签字系伪造"),
    "signature_in_future": (
        "it was signed at {at}, later than now, {now}",
        "签字时间 {at} 晚于当前时间 {now}",
    ),
    "signature_invalid": (
        "the signature of {signer} on {document} does not count",
        "{signer} 在《{document}》上的签字无效",
    ),
    "signature_naive_instant": ("{at} has no UTC offset", "签字时间 {at} 没有时区"),
    "signature_other_version": (
        "it is not of version {number} of {document}",
        "该签字不是针对 {document} 第 {number} 版的",
    ),
    "signature_wrong_principal": (
        "it names {claimed} as principal, which is {found}",
        "签字所称的被代理人为 {claimed},实为 {found}",
    ),
}
