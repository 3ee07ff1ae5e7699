"""Figures: every number with a unit (facts), and those that canonical indicators name.

Numbers are read (numbers), set into their clause (mentions), told apart by time and scope
(scope), matched with the rules of seeds/kinds/<kind>/indicators (indicators) and checked for
plausibility (plausibility). All of it is pure, and linear in the length of the body.
"""
