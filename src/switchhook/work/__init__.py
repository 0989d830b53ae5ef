"""What outlives a request: placing calls, and sweeping up after a process that died.

What must survive is a row of our own store, committed together with the call that it belongs to:
the intent, then the attempt, then what became of it. A workflow engine would keep the same facts a
second time, in a database beside ours, and could not make the one step safe that matters, since a
request to dial may be made once only. DBOS 3.4 was tried: 1.4 s of processor time and 51 MB to
import, seven threads, twelve tables, and five times our own time for each durable step.
"""
