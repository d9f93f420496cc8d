import { inCategory, when } from '../case.ts'
import { anyOf, asks, changesNothing, deploys, rollsBack, waits } from '../checks.ts'
import { chose, ends, says } from '../thread.ts'

const backend = deploys('backend', 'v1.2.3', 'production')

export const plain = inCategory('plain requests', [
  when('deploy backend v1.2.3 to production').expects(backend),
  when('to prod: v1.2.3 of the back-end, ship it please').expects(backend),
  when('Could you roll out the backend on production with v1.2.3?').expects(backend),
  when('Release V1.2.3 of Backend to Production!').expects(backend),
  when('hey, can we get backend v1.2.3 out to prod?').expects(backend, 'it knows a deployment by its verbs'),
  when('production should run v1.2.3 of the backend').expects(backend, 'it knows a deployment by its verbs'),
  when('push frontend v1.2.4 to stage').expects(deploys('frontend', 'v1.2.4', 'staging')),
  when('please deploy the frontend, tag v1.2.4, environment staging').expects(deploys('frontend', 'v1.2.4', 'staging')),
  when('deploy search v1.2.3 to staging').expects(deploys('search', 'v1.2.3', 'staging')),
  when('deploy backend 4af9ec0 to production').expects(deploys('backend', '4af9ec0', 'production')),
  when('promote backend from staging to production').expects(backend),
  when('take what is on staging and put it on production, backend only').expects(
    backend,
    'it knows a deployment by its verbs',
  ),
  when('roll back backend in production to v1.2.1').expects(rollsBack('backend', 'v1.2.1', 'production')),
  when('revert the frontend on production to v1.2.1 please').expects(rollsBack('frontend', 'v1.2.1', 'production')),
  when('redeploy backend v1.2.2 on production').expects(deploys('backend', 'v1.2.2', 'production')),
  when('hotfix is tagged v1.2.4, ship the backend with it to production ASAP').expects(
    deploys('backend', 'v1.2.4', 'production'),
  ),
])

export const languages = inCategory('six languages', [
  when('Bitte deploye backend v1.2.3 auf production').expects(backend),
  when('Kannst du Backend v1.2.3 in Produktion ausrollen?').expects(backend),
  when('Rolle backend auf production auf v1.2.1 zurück').expects(rollsBack('backend', 'v1.2.1', 'production')),
  when('Bitte backend v1.2.3 nicht auf production deployen').expects(changesNothing),
  when('Was läuft gerade auf production?').expects(changesNothing),
  when('déploie le backend v1.2.3 en production').expects(backend),
  when("peux-tu déployer le frontend v1.2.4 sur staging s'il te plaît ?").expects(
    deploys('frontend', 'v1.2.4', 'staging'),
  ),
  when('reviens à la v1.2.1 du backend en production').expects(rollsBack('backend', 'v1.2.1', 'production')),
  when('ne déploie pas le backend v1.2.3 en production').expects(changesNothing),
  when('despliega backend v1.2.3 en producción').expects(backend),
  when('por favor, desplegar frontend v1.2.4 en staging').expects(deploys('frontend', 'v1.2.4', 'staging')),
  when('no despliegues backend v1.2.3 en producción').expects(changesNothing),
  when('revierte backend en producción a v1.2.1').expects(rollsBack('backend', 'v1.2.1', 'production')),
  when('implante o backend v1.2.3 em produção').expects(backend),
  when('faça o deploy do backend v1.2.3 em produção').expects(backend),
  when('não faça o deploy do backend v1.2.3 em produção').expects(changesNothing),
  when('backend の v1.2.3 を production にデプロイしてください').expects(backend),
  when('backend v1.2.3 は production にデプロイしないでください').expects(changesNothing),
  when('backend を production で v1.2.1 にロールバックして').expects(rollsBack('backend', 'v1.2.1', 'production')),
  when('Deploye backend auf production').expects(asks('v1.2.4')),
  when('déploie le backend v1.2.3').expects(asks('staging', 'production')),
])

export const ambiguous = inCategory('ambiguous', [
  when('deploy it').expects(asks()),
  when('ship the new version').expects(asks()),
  when('deploy the fix to prod').expects(asks()),
  when('deploy backend v1.2.3 v1.2.4 to production').expects(asks('v1.2.3', 'v1.2.4')),
  when('deploy backend or frontend v1.2.3 to production').expects(asks('backend', 'frontend')),
  when('deploy backend v1.2.3 to staging or production').expects(asks('staging', 'production')),
  when('deploy backend v1.2.3 or v1.2.4 to production').expects(asks('v1.2.3', 'v1.2.4')),
  when('should we deploy backend v1.2.3 to production?').expects(changesNothing),
  when('maybe we could deploy backend v1.2.3 to production later').expects(changesNothing),
  when('somebody said that backend v1.2.3 should be deployed to production').expects(changesNothing),
])

export const missing = inCategory('missing tag or environment', [
  when('deploy backend').expects(asks('v1.2.4', 'staging', 'production')),
  when('deploy backend v1.2.3').expects(asks('staging', 'production')),
  when('deploy backend to production').expects(asks('v1.2.4', 'v1.2.3')),
  when('deploy to production').expects(asks('backend', 'frontend')),
  when('deploy v1.2.3').expects(asks('staging', 'production')),
  when('roll back backend on production').expects(asks('v1.2.1')),
  when('roll back production').expects(asks('backend')),
  when('please deploy').expects(asks('backend', 'staging')),
])

export const typos = inCategory('typos', [
  when('deploy the backned v1.2.3 to production').expects(asks('backend')),
  when('deploy frontent v1.2.3 to production').expects(asks('frontend')),
  when('deploy backend v1.2.3 to prodcution').expects(asks('production')),
  when('deploy backend v1.2.3 to stagign').expects(asks('staging')),
  when('deploy backend v1.2.33 to production').expects(asks('v1.2.3')),
  when('deploy backend 1.2.3 to production').expects(anyOf(asks('v1.2.3'), backend)),
  when('depoly backend v1.2.3 to production').expects(anyOf(backend, asks())),
  when('deploy payments v1.2.3 to production').expects(asks('payments')),
  when('deploy backend v1.2.3 to qa').expects(asks('qa')),
  when('deploy backend v1.2.3 to non-production').expects(asks('non-production')),
  when('deploy backend v9.9.9 to production').expects(asks('v9.9.9')),
])

export const latest = inCategory('"latest"', [
  when('Can you deploy the latest backend to production?').expects(deploys('backend', 'v1.2.4', 'production')),
  when('deploy the newest tag of frontend to staging').expects(deploys('frontend', 'v1.2.4', 'staging')),
  when('ship backend latest to prod').expects(deploys('backend', 'v1.2.4', 'production')),
  when('deploy the most recent backend to production').expects(
    anyOf(deploys('backend', 'v1.2.4', 'production'), asks('v1.2.4')),
  ),
  when('deploy the version before the latest of backend to staging').expects(
    deploys('backend', 'v1.2.3', 'staging'),
    'it does not count tags',
  ),
  when(
    'deploy backend latest to production',
    chose({ intent: 'deploy_backend', tag: 'v1.2.4', environment: 'production' }),
    says('sorry, not the latest: v1.2.3'),
  ).expects(backend),
])

export const dates = inCategory('relative dates', [
  when('wait 10 minutes then deploy backend v1.2.3 to staging').expects(waits(600)),
  when('in half an hour deploy backend v1.2.3 to staging').expects(waits(1800)),
  when('deploy backend v1.2.3 to production in 2 hours').expects(waits(7200)),
  when('deploy backend v1.2.3 to production tomorrow morning').expects(anyOf(asks(), waits(1, 172_800))),
  when('deploy backend v1.2.3 to production tonight at 22:00').expects(anyOf(asks(), waits(1, 172_800))),
  when("deploy yesterday's backend tag to staging").expects(
    anyOf(asks('v1.2.4'), deploys('backend', 'v1.2.4', 'staging')),
  ),
  when('deploy the backend tag from 13 November to staging').expects(
    deploys('backend', 'v1.2.2', 'staging'),
    'it reads no dates',
  ),
])

export const order = inCategory('order of services', [
  when('deploy frontend and backend v1.2.3 to production, backend first').expects(backend),
  when('deploy backend and frontend v1.2.3 to production').expects(backend),
  when('deploy backend v1.2.3 and frontend v1.2.4 to production').expects(backend),
  when(
    'deploy backend and frontend v1.2.3 to staging',
    chose({ intent: 'deploy_backend', tag: 'v1.2.3', environment: 'staging' }),
    ends('success'),
  ).expects(deploys('frontend', 'v1.2.3', 'staging')),
  when('deploy backend v1.2.3 to production, not frontend').expects(backend),
  when('deploy everything except frontend, v1.2.3, to staging').expects(
    anyOf(deploys('backend', 'v1.2.3', 'staging'), deploys('search', 'v1.2.3', 'staging')),
  ),
  when('first deploy backend v1.2.3 to staging, then to production').expects(deploys('backend', 'v1.2.3', 'staging')),
  when('deploy frontend v1.2.3 to production after the backend, which gets v1.2.3 too').expects(
    backend,
    'it knows no "after"',
  ),
])
