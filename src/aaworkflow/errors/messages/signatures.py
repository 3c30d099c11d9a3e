"""Messages of the room `signatures` and of signers."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "signature_field_blank": ("a signature needs {field}, not {value}", "签字须有 {field},而不是 {value}"),
    # why a signature does not count
    "signature_invalid": (
        "the signature of {signer} on {document} does not count",
        "{signer} 在《{document}》上的签字无效",
    ),
    "signature_other_document": (
        "{signer} signed a {name}, not a {document}",
        "{signer} 签的是 {name},而不是 {document}",
    ),
    "signature_other_version": (
        "{signer} did not sign version {number} of {document}, but another content",
        "{signer} 签的不是 {document} 第 {number} 版,而是其他内容",
    ),
    "signature_before_version": (
        "{signer} signed at {at}, before version {number} of {document} was written at {written}",
        "{signer} 的签字时间 {at} 早于 {document} 第 {number} 版的形成时间 {written}",
    ),
    "signature_other_case": (
        "{signer} signed for case {name}, not for {case}",
        "{signer} 的签字是为单据 {name} 所作,不是为 {case}",
    ),
    "signature_in_future": (
        "{signer} signed at {at}, later than now, {now}",
        "{signer} 的签字时间 {at} 晚于当前时间 {now}",
    ),
    "signature_hides_principal": (
        "{signer} signed as {role} in the own name, but acts only for {principal}",
        "{signer} 以本人名义按 {role} 签字,但只是 {principal} 的代理人",
    ),
    "signature_missing": (
        "version {number} of {document} is not signed by the {role}",
        "{document} 第 {number} 版没有 {role} 的签字",
    ),
    # what a verifier finds
    "signature_forged": (
        "the signature of {signer} on {document} is not genuine",
        "{signer} 在 {document} 上的签字系伪造",
    ),
    "signature_algorithm": ("signatures by {name} are not understood", "不支持签名算法 {name}"),
    "key_unknown": ("key {key_id} is not known", "密钥 {key_id} 未知"),
    "key_of_another": (
        "key {key_id} is {owner}'s, not {signer}'s",
        "密钥 {key_id} 属于 {owner},而不是 {signer}",
    ),
    "key_not_yet": ("key {key_id} is valid from {valid_from} on", "密钥 {key_id} 自 {valid_from} 起才有效"),
    "key_expired": ("key {key_id} was valid until {valid_until}", "密钥 {key_id} 已于 {valid_until} 到期"),
    "key_revoked": ("key {key_id} was revoked as of {revoked_at}", "密钥 {key_id} 自 {revoked_at} 起被吊销"),
    # why nothing can be signed
    "key_not_held": ("no key of {name} is held here", "此处没有 {name} 的密钥"),
}
