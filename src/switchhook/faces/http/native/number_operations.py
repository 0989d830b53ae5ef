"""What can be asked about telephone numbers."""

from __future__ import annotations

from typing import Any

from switchhook.faces.http.native import number_forms as nf
from switchhook.faces.http.native import numbers
from switchhook.faces.http.native.operations import Nothing, Operation
from switchhook.service.identity import Scope

_NUMBER = "/api/numbers/{id}"

NUMBERS: tuple[Operation[Any, Any], ...] = (
    Operation(
        method="GET",
        path="/api/numbers",
        name="listNumbers",
        summary="List the account's telephone numbers",
        scopes=(Scope.CALLS_READ,),
        perform=numbers.list_numbers,
        body=Nothing,
        query=Nothing,
        data=nf.Numbers,
    ),
    Operation(
        method="GET",
        path="/api/numbers/available",
        name="searchNumbers",
        summary="Find numbers that can be bought",
        scopes=(Scope.NUMBERS_WRITE,),
        perform=numbers.search,
        body=Nothing,
        query=nf.SearchNumbers,
        data=nf.Offers,
        refusals=(409, 503),
    ),
    Operation(
        method="POST",
        path="/api/numbers",
        name="buyNumber",
        summary="Buy a number; without a token tell what it would cost",
        scopes=(Scope.NUMBERS_WRITE,),
        perform=numbers.buy,
        body=nf.BuyNumber,
        query=Nothing,
        data=nf.Purchase,
        refusals=(404, 409, 503),
    ),
    Operation(
        method="GET",
        path=_NUMBER,
        name="getNumber",
        summary="Read a number, by its id or by the number itself",
        scopes=(Scope.CALLS_READ,),
        perform=numbers.show,
        body=Nothing,
        query=Nothing,
        data=nf.NumberShape,
        refusals=(404,),
    ),
    Operation(
        method="PATCH",
        path=_NUMBER,
        name="updateNumber",
        summary="Say who answers at a number",
        scopes=(Scope.NUMBERS_WRITE,),
        perform=numbers.change,
        body=nf.BoundForm,
        query=Nothing,
        data=nf.NumberAndSecret,
        refusals=(404,),
    ),
    Operation(
        method="DELETE",
        path=_NUMBER,
        name="releaseNumber",
        summary="Give a number back; without a token only a dry run",
        scopes=(Scope.NUMBERS_WRITE,),
        perform=numbers.release,
        body=Nothing,
        query=nf.ReleaseNumber,
        data=nf.Release,
        refusals=(404, 409, 503),
    ),
    Operation(
        method="POST",
        path=f"{_NUMBER}/ring",
        name="ringNumber",
        summary="Let a simulated person call a number of a simulated carrier",
        scopes=(Scope.CALLS_CREATE,),
        perform=numbers.ring,
        body=nf.RingNumber,
        query=Nothing,
        data=nf.Rung,
        refusals=(404, 409),
    ),
)
