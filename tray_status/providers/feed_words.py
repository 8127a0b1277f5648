"""The words that status pages' feeds are read by, in the languages that most pages are written in. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..core.model import Impact, State

_WORDS: Mapping[State, str] = {
    State.INVESTIGATING: (
        "investigating, under investigation, in investigation, open, opened, ongoing, "
        "reported, confirmed, acknowledged, down, offline, outage, degraded, degraded performance, partial "
        "outage, major outage, untersuchung, wird untersucht, in untersuchung, in prüfung, wird geprüft, "
        "enquête en cours, en cours d'investigation, investigation en cours, en cours d'analyse, "
        "investigando, en investigación, em investigação, indagine in corso, in onderzoek, wordt onderzocht, "
        "onderzoeken, undersöker, undersøger, w trakcie analizy, расследуется, 調査中, 调查中, 調查中, 조사 중"
    ),
    State.IDENTIFIED: (
        "identified, cause identified, issue identified, in repair, fixing, work in progress, identifiziert, "
        "identifié, identifiée, identificado, identificato, geïdentificeerd, identificerat, zidentyfikowano, "
        "特定済み, 原因特定, 確認済み, 已确认, 已確認, 원인 확인"
    ),
    State.MONITORING: (
        "monitoring, watching, recovering, mitigated, fix implemented, überwachung, wird überwacht, "
        "beobachtung, in beobachtung, surveillance, sous surveillance, en observation, monitoreando, "
        "supervisando, en supervisión, monitorando, em monitoramento, monitoramento, monitoraggio, in "
        "monitoraggio, monitoren, övervakar, monitorowanie, 監視中, 監視, 监控中, 監控中, 모니터링, 모니터링 중"
    ),
    State.RESOLVED: (
        "resolved, fixed, closed, restored, service restored, recovered, fully recovered, operational, all "
        "clear, up, online, ended, solved, fully restored, fully operational, back to normal, services restored, "
        "false alarm, falsealarm, all systems operational, behoben, gelöst, erledigt, "
        "geschlossen, résolu, résolue, rétabli, clos, resuelto, resuelta, solucionado, cerrado, resolvido, "
        "resolvida, encerrado, risolto, risolta, chiuso, opgelost, gesloten, löst, avhjälpt, løst, "
        "rozwiązane, rozwiązany, решено, устранено, 解決, 解決済み, 復旧, 復旧済み, 已解决, 已解決, 已恢复, 已恢復, "
        "해결됨, 해결, 복구 완료"
    ),
    State.POSTMORTEM: "postmortem, post-mortem, post mortem, root cause analysis, rca",
    State.SCHEDULED: (
        "scheduled, planned, upcoming, scheduled maintenance, planned maintenance, geplant, geplante wartung, "
        "planifié, planifiée, maintenance planifiée, programado, programada, mantenimiento programado, "
        "agendado, agendada, manutenção programada, programmato, programmata, pianificato, gepland, planerat, "
        "zaplanowane, запланировано, 予定, 計画メンテナンス, 已计划, 已排程, 예정, 예정됨"
    ),
    State.IN_PROGRESS: (
        "in progress, inprogress, underway, under way, under maintenance, maintenance in progress, läuft, in "
        "durchführung, en cours, en progreso, en curso, em andamento, in corso, in uitvoering, pågår, w toku, "
        "進行中, 实施中, 进行中, 작업 중, 진행 중"
    ),
    State.VERIFYING: "verifying, verification, überprüfung, vérification, verificando, in verifica, 検証中, 验证中",
    State.COMPLETED: (
        "completed, complete, maintenance completed, maintenance complete, finished, abgeschlossen, beendet, "
        "terminé, terminée, completado, completada, finalizado, concluído, concluída, completato, completata, "
        "terminato, voltooid, afgerond, slutfört, zakończone, завершено, 完了, 已完成, 완료, 완료됨"
    ),
    State.CANCELLED: (
        "cancelled, canceled, abgesagt, annulé, annulée, cancelado, annullato, geannuleerd, 中止, 已取消"
    ),
}

_UPDATES = (
    "update, updated, aktualisierung, aktualisiert, mise à jour, actualización, atualização, aggiornamento, "
    "bijgewerkt, uppdatering, aktualizacja, обновление, 更新, 情報更新, 업데이트"
)
UPDATES = frozenset(_UPDATES.split(", "))
"""What says that there is news, and no state."""

STATES: Mapping[str, State] = {word: state for state, words in _WORDS.items() for word in words.split(", ")}

_FACTS = (
    "impact, affected, affected services, affected components, affected regions, services, components, regions, "
    "region, location, start, start time, started, end, end time, duration, time, date, cause, root cause, "
    "workaround, summary, description, details, title, type, id, severity, priority, next update, next steps, note, "
    "notes, reference, scope, timeline, eta"
)
FACTS = frozenset(_FACTS.split(", "))
"""What stands before facts of an incident, as a state stands before its updates."""

AMBIGUOUS = frozenset(("up", "online", "ended"))
"""Words for an end that may also begin a sentence of something else (`Online: checkout fails`, `Ended: not yet`)."""

MAINTENANCE_STATES = frozenset(
    {State.SCHEDULED, State.IN_PROGRESS, State.VERIFYING, State.COMPLETED, State.CANCELLED}
)

IMPACTS: Mapping[str, Impact] = {
    "operational": Impact.NONE,
    "degraded performance": Impact.MINOR,
    "partial outage": Impact.MAJOR,
    "full outage": Impact.CRITICAL,
    "major outage": Impact.CRITICAL,
    "under maintenance": Impact.MAINTENANCE,
}
"""Of components, as incident.io's feeds name them."""

SIGNS = re.compile(
    r"\bstatus\b|status(?:page|hub|seite)|\bincidents?\b|\boutages?\b|\buptime\b|system health|service health"
    r"|\bavailability\b|\bstörung|\bincidentes?\b|\bdisponibilit|\bverfügbarkeit|障害|稼働状況|ステータス|状态|狀態|장애|상태",
    re.IGNORECASE,
)
"""What the title, the subtitle or the address of a status page's feed has, and few others'."""

TROUBLE = re.compile(
    r"investigat|identified|monitor|resolv|maintenance|outage|incident|degrad|disrupt|issue|error|unavailab|latenc|delay"
    r"|operational|restor|mitigat|connectiv|intermittent|recover|störung|wartung|behoben|panne|interruption|résolu"
    r"|incidencia|mantenimiento|interrupción|manutenção|indisponib|manutenzione|disservizi|storing|onderhoud|авари|работ"
    r"|障害|メンテナンス|復旧|故障|维护|維護|장애|점검",
    re.IGNORECASE,
)
"""What an entry of a status page speaks of."""

IS_MAINTENANCE = re.compile(
    r"maintenance|\bwartung|mantenimiento|manutenção|manutenzione|onderhoud|underhåll|konserwac|обслуживан"
    r"|メンテナンス|维护|維護|점검|scheduled (?:work|upgrade|event)|planned (?:work|upgrade)",
    re.IGNORECASE,
)

IS_OVER = re.compile(
    r"\b(?:is|are|was|were|been|now|being|fully|has|have) (?:now |been |fully |completely |successfully )*"
    r"(?:resolved|fixed|restored|recovered|completed|closed|solved|operational|back to normal)\b"
    r"|\ball (?:systems|services) (?:are )?(?:now )?(?:fully )?operational\b"
    r"|\b(?:ist|wurde|sind|wurden) (?:nun |jetzt |wieder )*(?:behoben|gelöst|abgeschlossen)\b|\b(?:a été|est) résolu"
    r"|\b(?:se ha|ha sido|está) (?:resuelto|solucionado)|\bfoi resolvid|\bè stat[oa] risolt|\bis (?:nu )?opgelost"
    r"|復旧しました|解決しました|完了しました|已解决|已解決|已恢复|복구되었|해결되었",
    re.IGNORECASE,
)
"""What a sentence says that tells the end of an incident."""

HEDGES = re.compile(
    r"\b(?:expect\w*|hop(?:e|es|ing)|anticipat\w+|estimat\w+|aim(?:s|ing)? to|plan(?:s|ning)? to|eta)\b"
    r"|\b(?:not|n't|until|when|once|if|as soon as|will|would|should|may|might|partially|partly|most|some|still|yet"
    r"|before|after|while|being|nicht|sobald|bis|wenn|teilweise|noch|pas|dès que|lorsque|cuando|hasta|no|quando|não"
    r"|non|niet|zodra|wanneer)\b|できていません|尚未|未",
    re.IGNORECASE,
)
"""What makes such a sentence say less."""

GOES_ON = re.compile(
    r"\bmonitor|investigat|\bcontinu|\bworking\b|\bongoing\b"
    r"|\b(?:has|have) (?:come back|returned|recurred|reappeared)\b(?! to normal| online)"
    r"|überwach|\buntersuch|beobacht|surveill|supervis|監視|監控|监控",
    re.IGNORECASE,
)
"""What tells that people are still at it, whatever else they say."""


AFTERMATH = re.compile(
    r"post-?\s?mortem|root cause|\brca\b|apolog|inconvenience|thank|\blessons?\b|follow-?up|in hindsight|credits?\b"
    r"|ursache|entschuldig|cause première|causa raíz|原因|お詫び",
    re.IGNORECASE,
)
"""What words that come after the end of an incident look back with."""

_SUBJECT = re.compile(
    r"\A(?:(?:this|the)\s)?(?:incident|issue|problem|outage|event)\s(?:(?:is|has been|was|has)\s)?(?:now\s)?",
    re.IGNORECASE,
)


def state_of(word: str) -> State | None:
    """The state that a word names; UNKNOWN for one that only says that there is news, None for any other words."""
    plain = " ".join(word.split()).strip(" .:-–—!").lower()
    if plain in UPDATES:
        return State.UNKNOWN
    return STATES.get(plain) or STATES.get(_SUBJECT.sub("", plain))
