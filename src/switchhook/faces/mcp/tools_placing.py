"""The tools that place calls: check, create, simulate.

Annotations are evaluated at once here: the SDK reads the one that names a local resolver.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import Context, Elicit, ElicitationResult, Resolve
from mcp.types import CallToolResult

from switchhook.domain.policy import Finding
from switchhook.faces.mcp import confirm, requests, summaries
from switchhook.faces.mcp.arguments import CheckCall, CreateCall, SimulateCall
from switchhook.faces.mcp.confirm import Agreement, Attempted
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.next_actions import situation
from switchhook.faces.mcp.placing import place
from switchhook.faces.mcp.progress import Progress
from switchhook.faces.mcp.results import Answer, answer, done, step
from switchhook.faces.mcp.strict import ToolFunction
from switchhook.service import calls
from switchhook.service.calls import Placed, Preflight


@dataclass(frozen=True, slots=True)
class PlacingTools:
    """The tools, at the desk they work at."""

    desk: Desk

    async def check_call(self, wanted: CheckCall, context: Context[Any, Any]) -> Answer:
        """Tell without dialling what each rule says to a call; takes what create_call takes."""
        verdict = await calls.check_call(
            self.desk.exchange, self.desk.caller(), requests.call_request(wanted), ask_first=True
        )
        # Where the user can be asked, the question is the way; a token would go around it.
        token = None if confirm.may_ask(context) else verdict.confirm_token
        facts = done(
            status="allowed" if verdict.allowed else "refused",
            next_action=_after_check(verdict, token),
            allowed=verdict.allowed,
            simulated=verdict.simulated,
            carrier=verdict.carrier,
            confirmation_required=verdict.confirmation_required,
            confirm_token=token,
            rules=[_rule(finding) for finding in verdict.findings],
        )
        against = [f"{f.message}: {f.hint}" for f in verdict.findings if not f.passed]
        kind = "simulated" if verdict.simulated else "real"
        first = f"This {kind} call would be {'placed' if verdict.allowed else 'refused'}."
        return answer(facts, first, *against[:2], f"Next: {facts['next_action']}")

    async def simulate_call(self, wanted: SimulateCall, context: Context[Any, Any]) -> Answer:
        """Rehearse a call with a simulated callee, without dialling; else as create_call."""
        request = requests.simulation_request(wanted)
        placed = await place(self.desk, request)
        return await self.accepted(placed, context)

    async def accepted(self, placed: Placed, context: Context[Any, Any]) -> CallToolResult:
        """Return what there is to say of a call that was just accepted."""
        await Progress(context).tell("accepted")
        facts = summaries.summary(placed.call, await situation(self.desk, placed.call))
        facts["replayed"] = placed.replayed
        known = "The same request had placed it already." if placed.replayed else ""
        return answer(
            facts, summaries.sentence(placed.call), known, f"Next: {facts['next_action']}"
        )


def creating(tools: PlacingTools) -> ToolFunction:
    """Return the tool `create_call`, with the question that may come before it."""

    async def attempt(
        context: Context[Any, Any], wanted: CreateCall
    ) -> Attempted | Elicit[Agreement]:
        return await confirm.attempt(tools.desk, context, requests.call_request(wanted))

    async def create_call(
        wanted: CreateCall,
        context: Context[Any, Any],
        outcome: Annotated[ElicitationResult[Agreement], Resolve(attempt)],
    ) -> Answer:
        """Place a call by `to` and `task`; follow it with wait_for_call. Your user may confirm."""
        placed = await confirm.conclude(tools.desk, requests.call_request(wanted), outcome)
        return await tools.accepted(placed, context)

    return create_call


def _rule(finding: Finding) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "rule": finding.rule,
        "passed": finding.passed,
        "message": finding.message,
    }
    if not finding.passed:
        facts |= {"hint": finding.hint, "field": finding.field}
        if finding.retry_after is not None:
            facts["retry_after_seconds"] = finding.retry_after
    return facts


def _after_check(verdict: Preflight, token: str | None) -> str:
    if not verdict.allowed:
        return "none"
    return step("create_call", confirm_token=token) if token else "create_call"
